import type { ModelId } from '../../core/ids.ts';
import type { ModelListing } from '../../library/library-api.ts';
import type { DryRunReport } from '../../migration/dry-run.ts';
import {
	defaultOptions,
	type MigrationPlan,
	type Refusal,
	type UpgradeOptions
} from '../../migration/plan.ts';
import { shownError, type ShownError } from '../shown-error.ts';
import type { UpgradeDesk } from '../upgrade-desk.ts';
import type { UpgradeView } from './upgrade-view.svelte.ts';

/** Pages 1 to 4; page 5 shows the upgrade itself, which `UpgradeView` knows. */
export type WizardStep = 1 | 2 | 3 | 4 | 5;

interface Parts {
	readonly desk: UpgradeDesk;
	readonly upgrade: Pick<UpgradeView, 'start'>;
}

/** What the user has entered in the wizard so far. Lives as long as the tab: going back loses nothing. */
export class WizardView {
	readonly #parts: Parts;
	#step = $state<WizardStep>(1);
	#listings = $state.raw<readonly ModelListing[]>([]);
	#plan = $state.raw<MigrationPlan | null>(null);
	#refusal = $state.raw<Refusal | null>(null);
	#dryRun = $state.raw<DryRunReport | null>(null);
	#busy = $state<'planning' | 'dry-run' | null>(null);
	#error = $state.raw<ShownError | null>(null);
	#trying: AbortController | null = null;

	/** `keep` or a model id. */
	chat = $state('keep');
	embedding = $state('keep');
	options = $state<UpgradeOptions>(structuredClone(defaultOptions));

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	get step(): WizardStep {
		return this.#step;
	}

	get listings(): readonly ModelListing[] {
		return this.#listings;
	}

	get plan(): MigrationPlan | null {
		return this.#plan;
	}

	get refusal(): Refusal | null {
		return this.#refusal;
	}

	get dryRunReport(): DryRunReport | null {
		return this.#dryRun;
	}

	get busy(): 'planning' | 'dry-run' | null {
		return this.#busy;
	}

	get error(): ShownError | null {
		return this.#error;
	}

	/** Reads what is on offer. Call it when the page opens. */
	load = async (): Promise<void> => {
		await this.#work(null, async () => {
			this.#listings = await this.#parts.desk.listings();
		});
	};

	/** Chosen elsewhere (Core Engines): begins with that model for what it can do. */
	preselect(listing: ModelListing): void {
		if (listing.entry.tasks.includes('embed')) this.embedding = listing.entry.id;
		if (listing.entry.tasks.includes('generate')) this.chat = listing.entry.id;
		this.#step = 1;
	}

	next = async (): Promise<void> => {
		if (this.#step === 1 || this.#step === 3) await this.#makePlan();
		if (this.#step === 1 && this.#refusal?.reason === 'nothing-to-change') return;
		if (this.#step < 4) this.#step = (this.#step + 1) as WizardStep;
	};

	back = (): void => {
		this.#trying?.abort();
		if (this.#step > 1) this.#step = (this.#step - 1) as WizardStep;
	};

	/** Tries the plan on a sample. `leave` and `start` end it. */
	tryOut = async (): Promise<void> => {
		const plan = this.#plan;
		if (!plan) return;
		const trying = new AbortController();
		this.#trying = trying;
		await this.#work('dry-run', async () => {
			this.#dryRun = await this.#parts.desk.dryRun(plan, trying.signal);
		});
	};

	/** The page is left: a dry run under way ends. */
	leave = (): void => {
		this.#trying?.abort();
	};

	/** Starts the upgrade and goes to page 5. */
	start = async (): Promise<void> => {
		const plan = this.#plan;
		if (!plan) return;
		this.#trying?.abort();
		this.#step = 5;
		await this.#parts.upgrade.start(plan);
	};

	/** After an upgrade has ended: page 1, nothing chosen. */
	reset = (): void => {
		this.#step = 1;
		this.chat = 'keep';
		this.embedding = 'keep';
		this.#plan = null;
		this.#refusal = null;
		this.#dryRun = null;
		this.#error = null;
	};

	async #makePlan(): Promise<void> {
		this.#dryRun = null;
		await this.#work('planning', async () => {
			const options = $state.snapshot(this.options);
			const wish = { chat: chosen(this.chat), embedding: chosen(this.embedding) };
			const result = await this.#parts.desk.plan(wish, options);
			this.#plan = result.ok ? result.plan : null;
			this.#refusal = result.ok ? null : result.refusal;
		});
	}

	async #work(what: 'planning' | 'dry-run' | null, job: () => Promise<void>): Promise<void> {
		this.#busy = what;
		this.#error = null;
		try {
			await job();
		} catch (error) {
			this.#error = shownError(error);
		} finally {
			this.#busy = null;
		}
	}
}

function chosen(value: string): ModelId | null {
	return value === 'keep' ? null : (value as ModelId);
}
