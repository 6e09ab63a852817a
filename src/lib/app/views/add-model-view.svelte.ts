import type { ModelId } from '../../core/ids.ts';
import type { LocalFile, ModelAddress } from '../../library/add/model-address.ts';
import type { ModelFinding, ModelVariant } from '../../library/add/model-finding.ts';
import type { ModelLibrary } from '../../library/model-library.ts';
import { addressOrigin } from './address-origin.ts';
import { editsOf, withEdits, type ModelEdits } from './model-edits.ts';
import { Notices } from './notices.svelte.ts';

interface Parts {
	readonly library: Pick<ModelLibrary, 'inspect' | 'add'>;
	/** Downloads it, and tells the user how it went. */
	readonly install: (model: ModelId) => Promise<void>;
	/** Whether the user knows that SAM talks to this origin. */
	readonly mayContact: (origin: string) => boolean;
	readonly allowHost: (origin: string) => Promise<void>;
}

/** A model on its way into the list: where it is, what was found there, what the user makes of it. */
export class AddModelView {
	open = $state(false);
	address = $state('');
	readonly #parts: Parts;
	readonly #notices = new Notices();
	#looking = $state(false);
	#toContact = $state<string | null>(null);
	#finding = $state.raw<ModelFinding | null>(null);
	#variant = $state.raw<ModelVariant | null>(null);
	#edits = $state.raw<ModelEdits | null>(null);
	#adding = $state.raw<{ readonly done: number; readonly total: number } | null>(null);
	#stop = new AbortController();

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	get error(): Notices['error'] {
		return this.#notices.error;
	}

	get looking(): boolean {
		return this.#looking;
	}

	/** An origin that SAM has never talked to and will only when the user agrees. */
	get toContact(): string | null {
		return this.#toContact;
	}

	get finding(): ModelFinding | null {
		return this.#finding;
	}

	/** The variant that is chosen. */
	get variant(): ModelVariant | null {
		return this.#variant;
	}

	/** What the user may correct; as found until then. */
	get edits(): ModelEdits | null {
		return this.#edits;
	}

	/** Bytes while the files of this machine are read. */
	get adding(): { readonly done: number; readonly total: number } | null {
		return this.#adding;
	}

	/** Looks at the address. One on a host that SAM does not know is named first. */
	look = async (): Promise<void> => {
		const origin = addressOrigin(this.address);
		if (origin && !this.#parts.mayContact(origin)) {
			this.#forget();
			this.#toContact = origin;
			return;
		}
		await this.#inspect({ kind: 'text', text: this.address.trim() });
	};

	/** The user agrees: the look goes on. */
	contact = async (): Promise<void> => {
		const origin = this.#toContact;
		if (!origin) return;
		this.#toContact = null;
		await this.#notices.run(async () => {
			await this.#parts.allowHost(origin);
			return null;
		});
		if (!this.error) await this.look();
	};

	declineContact = (): void => {
		this.#toContact = null;
	};

	lookInto = (files: readonly LocalFile[]): Promise<void> =>
		this.#inspect({ kind: 'files', files });

	/** What the user has corrected stays; a name that nobody has touched is the other variant's. */
	choose = (variant: ModelVariant): void => {
		const asFound = this.#edits?.name === this.#variant?.entry.name;
		this.#variant = variant;
		if (asFound) this.edit({ name: variant.entry.name });
	};

	edit = (changes: Partial<ModelEdits>): void => {
		if (this.#edits) this.#edits = { ...this.#edits, ...changes };
	};

	/**
	 * Takes the model into the list and begins its download, which this does not wait for. Resolves with its id; with
	 * null when there is nothing to add, or it failed.
	 */
	add = async (): Promise<ModelId | null> => {
		const [finding, variant, edits] = [this.#finding, this.#variant, this.#edits];
		if (!finding || !variant || !edits || this.#adding) return null;
		this.#adding = { done: 0, total: variant.bytes };
		const { signal } = this.#restart();
		const show = (done: number, total: number): void => {
			this.#adding = { done, total };
		};
		let added: ModelId | null = null;
		await this.#notices.run(async () => {
			const entry = withEdits(variant.entry, edits);
			added = await this.#parts.library.add(finding.id, entry, show, signal);
			this.#forget();
			this.address = '';
			void this.#parts.install(added);
			return null;
		});
		this.#adding = null;
		return added;
	};

	/** Stops a look or an add that is under way; what was entered stays. */
	stop = (): void => this.#stop.abort();

	async #inspect(address: ModelAddress): Promise<void> {
		if (this.#looking) return;
		this.#forget();
		this.#looking = true;
		const { signal } = this.#restart();
		await this.#notices.run(async () => {
			const finding = await this.#parts.library.inspect(address, signal);
			const best = finding.variants.find(({ recommended }) => recommended) ?? finding.variants[0];
			this.#finding = finding;
			this.#variant = best ?? null;
			this.#edits = best ? editsOf(best.entry) : null;
			return null;
		});
		this.#looking = false;
	}

	#forget(): void {
		this.#toContact = null;
		this.#finding = null;
		this.#variant = null;
		this.#edits = null;
		this.#notices.dismiss();
	}

	#restart(): AbortController {
		this.#stop = new AbortController();
		return this.#stop;
	}
}
