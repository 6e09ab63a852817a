import type { ModelId } from '../../core/ids.ts';
import type { LocalFile, ModelAddress } from '../../library/add/model-address.ts';
import type { ModelFinding, ModelVariant } from '../../library/add/model-finding.ts';
import type { ModelLibrary } from '../../library/model-library.ts';
import { AddByAddress, type KnownHosts } from './add-by-address.svelte.ts';
import { editsOf, withEdits, type ModelEdits } from './model-edits.ts';

interface Parts extends KnownHosts {
	readonly library: Pick<ModelLibrary, 'inspect' | 'add'>;
	/** Downloads it, and tells the user how it went. */
	readonly install: (model: ModelId) => Promise<void>;
}

/** A model on its way into the list: where it is, what was found there, what the user makes of it. */
export class AddModelView extends AddByAddress {
	open = $state(false);
	readonly #parts: Parts;
	#looking = $state(false);
	#finding = $state.raw<ModelFinding | null>(null);
	#variant = $state.raw<ModelVariant | null>(null);
	#edits = $state.raw<ModelEdits | null>(null);
	#adding = $state.raw<{ readonly done: number; readonly total: number } | null>(null);

	constructor(parts: Parts) {
		super(parts);
		this.#parts = parts;
	}

	get looking(): boolean {
		return this.#looking;
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
		const signal = this.nextSignal();
		const show = (done: number, total: number): void => {
			this.#adding = { done, total };
		};
		let added: ModelId | null = null;
		await this.notices.run(async () => {
			const entry = withEdits(variant.entry, edits);
			added = await this.#parts.library.add(finding.id, entry, show, signal);
			this.forget();
			this.address = '';
			void this.#parts.install(added);
			return null;
		});
		this.#adding = null;
		return added;
	};

	protected lookAt(text: string): Promise<void> {
		return this.#inspect({ kind: 'text', text });
	}

	async #inspect(address: ModelAddress): Promise<void> {
		if (this.#looking) return;
		this.forget();
		this.#looking = true;
		const signal = this.nextSignal();
		await this.notices.run(async () => {
			const finding = await this.#parts.library.inspect(address, signal);
			const best = finding.variants.find(({ recommended }) => recommended) ?? finding.variants[0];
			this.#finding = finding;
			this.#variant = best ?? null;
			this.#edits = best ? editsOf(best.entry) : null;
			return null;
		});
		this.#looking = false;
	}

	protected override forget(): void {
		super.forget();
		this.#finding = null;
		this.#variant = null;
		this.#edits = null;
	}
}
