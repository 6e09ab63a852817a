import { AppError } from '../../core/errors.ts';
import type { ModelId } from '../../core/ids.ts';
import type { Task } from '../../core/model-spec.ts';
import type { FitVerdict } from '../../engines/fit-contract.ts';
import type { FrozenModel } from '../../library/frozen-model.ts';
import type { ModelListing } from '../../library/library-api.ts';
import type { DryRunReport } from '../../migration/dry-run.ts';
import {
	defaultOptions,
	type MigrationPlan,
	type Refusal,
	type UpgradeOptions
} from '../../migration/plan.ts';
import type { LicenceQuestion } from '../licence-book.ts';
import { shownError, type ShownError } from '../shown-error.ts';
import type { StartCondition } from '../start-condition.ts';
import type { EngineWish, UpgradeDesk } from '../upgrade-desk.ts';
import { LatestWork } from './latest-work.svelte.ts';
import type { ScheduleView } from './schedule-view.svelte.ts';
import type { UpgradeView } from './upgrade-view.svelte.ts';
import { renamedChoice } from './renamed-choice.ts';
import { choicesFor, type WizardChoices } from './wizard-choices.ts';

/** Pages 1 to 4; page 5 shows the upgrade itself, which `UpgradeView` knows. */
export type WizardStep = 1 | 2 | 3 | 4 | 5;

interface Parts {
	/** Loaded when it is first asked for. */
	readonly desk: () => Promise<
		Pick<
			UpgradeDesk,
			'listings' | 'fits' | 'plan' | 'isCurrent' | 'dryRun' | 'accept' | 'freeBytes' | 'passageSize'
		>
	>;
	readonly schedule: Pick<ScheduleView, 'scheduled' | 'set' | 'cancel' | 'error'>;
	readonly upgrade: Pick<UpgradeView, 'start' | 'view' | 'error'>;
}

/** What the user has entered in the wizard so far. Lives as long as the tab: going back loses nothing. */
export class WizardView {
	readonly #parts: Parts;
	#step = $state<WizardStep>(1);
	#listings = $state.raw<readonly ModelListing[]>([]);
	#fits = $state.raw<ReadonlyMap<ModelId, FitVerdict> | null>(null);
	#plan = $state.raw<MigrationPlan | null>(null);
	#models = $state.raw<readonly FrozenModel[]>([]);
	#refusal = $state.raw<Refusal | null>(null);
	#licences = $state.raw<readonly LicenceQuestion[]>([]);
	#freeBytes = $state<number | null>(null);
	#passageSize = $state<number | null>(null);
	#dryRun = $state.raw<DryRunReport | null>(null);
	readonly #work = new LatestWork<'planning' | 'dry-run'>();

	/** `keep` or a model id. */
	chat = $state('keep');
	embedding = $state('keep');
	/** The index is built anew, also where its engine stays. */
	rebuild = $state(false);
	/** Characters of a passage; null keeps the present size. */
	chunkSize = $state<number | null>(null);
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

	/** What the plan downloads, in its order, file by file. */
	get downloads(): readonly FrozenModel[] {
		const ids = (this.#plan?.steps ?? []).flatMap((step) =>
			step.kind === 'download' ? [step.params.model] : []
		);
		return ids.flatMap((id) => this.#models.find(({ spec }) => spec.id === id) ?? []);
	}

	get refusal(): Refusal | null {
		return this.#refusal;
	}

	/** Terms of the chosen models, to agree to or agreed to. */
	get licences(): readonly LicenceQuestion[] {
		return this.#licences;
	}

	/** What the browser still grants, in bytes; null where it does not tell. */
	get freeBytes(): number | null {
		return this.#freeBytes;
	}

	/** Characters of a passage in the index in use; null until it has been read. */
	get passageSize(): number | null {
		return this.#passageSize;
	}

	get dryRunReport(): DryRunReport | null {
		return this.#dryRun;
	}

	get busy(): 'planning' | 'dry-run' | null {
		return this.#work.busy;
	}

	get error(): ShownError | null {
		return this.#work.error;
	}

	/** Reads what is on offer, and plans anew where another page has changed what is in use. Call it when the page opens. */
	load = async (): Promise<void> => {
		try {
			const desk = await this.#parts.desk();
			const listings = await desk.listings();
			this.chat = renamedChoice(this.chat, this.#listings, listings);
			this.embedding = renamedChoice(this.embedding, this.#listings, listings);
			this.#listings = listings;
			this.#passageSize = await desk.passageSize();
			this.#fits = await desk.fits(listings);
			if (await this.#isOutdated()) await this.#makePlan();
		} catch (error) {
			this.#work.error = shownError(error);
		}
	};

	/** What can take over that role from the model that has it. */
	choicesFor(task: Task, inUse: ModelId | undefined): WizardChoices {
		const chosen = task === 'generate' ? this.chat : this.embedding;
		return choicesFor(task, { listings: this.#listings, fits: this.#fits, inUse, chosen });
	}

	/** Chosen elsewhere (Core Engines): begins with that model for what it can do. */
	preselect(listing: ModelListing): void {
		if (listing.entry.tasks.includes('embed')) this.embedding = listing.id;
		if (listing.entry.tasks.includes('generate')) this.chat = listing.id;
		this.#step = 1;
	}

	/** A setup to go back to: begins with its engines, null for those in use. */
	chooseSetup({ chat, embedding }: EngineWish): void {
		this.reset();
		this.chat = chat ?? 'keep';
		this.embedding = embedding ?? 'keep';
	}

	/** One page on. Stays where it is when nothing was chosen, or when no plan could be made. */
	next = async (): Promise<void> => {
		const from = this.#step;
		if (this.#work.busy || from >= 4) return;
		if ((from === 1 || from === 3) && !(await this.#makePlan())) return;
		if (from === 1 && this.#refusal?.reason === 'nothing-to-change') return;
		this.#step = (from + 1) as WizardStep;
	};

	back = (): void => {
		this.#work.drop();
		if (this.#step > 1) this.#step = (this.#step - 1) as WizardStep;
	};

	/** Tries the plan on a sample. `back`, `leave` and `start` end it. */
	tryOut = async (): Promise<void> => {
		const plan = this.#plan;
		if (!plan) return;
		const report = await this.#work.run('dry-run', async (signal) => {
			const desk = await this.#parts.desk();
			return desk.dryRun(plan, signal);
		});
		if (report) this.#dryRun = report;
	};

	/** The page is left: what is under way ends. */
	leave = (): void => {
		this.#work.drop();
	};

	/** Notes that the user agrees to these terms, or no longer does, and plans anew. */
	answerLicence = async (question: LicenceQuestion, agrees: boolean): Promise<void> => {
		try {
			await (await this.#parts.desk()).accept(question, agrees);
		} catch (error) {
			this.#work.error = shownError(error);
			return;
		}
		await this.#makePlan();
	};

	/** Leaves the upgrade to the schedule, in the place of one that is there, and begins anew. */
	startLater = async (when: StartCondition): Promise<void> => {
		const plan = this.#plan;
		if (!plan) return;
		const { schedule } = this.#parts;
		this.#work.drop();
		await schedule.set(this.#wish(), plan, when);
		if (schedule.error) this.#work.error = schedule.error;
		else this.reset();
	};

	/**
	 * Starts the upgrade and goes to page 5; back to page 4 when it could not be started, with a plan of now where that is
	 * why. One that is scheduled is given up.
	 */
	start = async (): Promise<void> => {
		const plan = this.#plan;
		if (!plan || this.#step === 5) return;
		const { upgrade, schedule } = this.#parts;
		this.#work.drop();
		this.#step = 5;
		if (schedule.scheduled) await schedule.cancel();
		await upgrade.start(plan);
		if (upgrade.view?.planId === plan.id || !this.#is(5)) return;
		this.#step = 4;
		this.#work.error = upgrade.error;
		if ((await this.#isOutdated()) && (await this.#makePlan())) {
			this.#work.error = shownError(new AppError('migration/outdated'));
		}
	};

	/** An upgrade runs, started here or in another tab, or is on trial: page 5 is about it, to its end. */
	follow = (): void => {
		this.#step = 5;
	};

	/** After an upgrade has ended: page 1, nothing chosen. */
	reset = (): void => {
		this.#step = 1;
		this.chat = 'keep';
		this.embedding = 'keep';
		this.rebuild = false;
		this.chunkSize = null;
		this.#forgetPlan();
		this.#licences = [];
		this.#work.error = null;
	};

	/** False where nobody can tell. */
	async #isOutdated(): Promise<boolean> {
		const plan = this.#step === 4 ? this.#plan : null;
		if (!plan) return false;
		const desk = await this.#parts.desk();
		return desk.isCurrent(plan).then(
			(current) => !current,
			() => false
		);
	}

	/** False when there is neither a plan nor a reason against it: it failed, or was dropped. */
	async #makePlan(): Promise<boolean> {
		this.#forgetPlan();
		const options = $state.snapshot(this.options);
		const wish = this.#wish();
		const planned = await this.#work.run('planning', async (signal) => {
			const desk = await this.#parts.desk();
			try {
				const made = await desk.plan(wish, options, signal);
				this.#freeBytes = await desk.freeBytes();
				return made;
			} finally {
				// Also after a failure: of two models, one may have been frozen.
				if (this.#isUnfrozen(wish.chat) || this.#isUnfrozen(wish.embedding)) await this.load();
			}
		});
		if (!planned) return false;
		const { result, models, licences } = planned;
		this.#models = models;
		this.#licences = licences;
		if (result.ok) this.#plan = result.plan;
		else this.#refusal = result.refusal;
		return true;
	}

	#wish(): EngineWish {
		const { rebuild, chunkSize } = this;
		const asks = rebuild || chunkSize !== null;
		return {
			...{ chat: chosen(this.chat), embedding: chosen(this.embedding) },
			...(asks && { index: { rebuild, chunkSize } })
		};
	}

	/** The plan freezes it, which may change its id. */
	#isUnfrozen(model: ModelId | null): boolean {
		return this.#listings.some(({ id, frozen }) => id === model && frozen === null);
	}

	#forgetPlan(): void {
		this.#plan = null;
		this.#models = [];
		this.#refusal = null;
		this.#dryRun = null;
	}

	/** Asked anew after an await: the compiler would believe that nothing has changed. */
	#is(step: WizardStep): boolean {
		return this.#step === step;
	}
}

function chosen(value: string): ModelId | null {
	return value === 'keep' ? null : (value as ModelId);
}
