import { AppError } from '../core/errors.ts';
import type { EntryId, ModelId } from '../core/ids.ts';
import type { CatalogEntry } from './catalog/catalog-entry.ts';
import { entryOf, frozenOf } from './entry-of.ts';
import type { FrozenModel } from './frozen-model.ts';
import { freezeEntry } from './hub/freeze-entry.ts';
import type { ModelHub } from './hub/model-hub.ts';
import type { PrefetchedFiles } from './hub/prefetched-files.ts';
import { modelIdOf } from './model-id.ts';
import type { ModelStore } from './store/model-store.ts';
import type { WantedModels } from './wanted-models.ts';

interface Parts {
	readonly catalog: readonly CatalogEntry[];
	readonly hub: ModelHub;
	/** Keeps what freezing has read for the download. */
	readonly prefetched: PrefetchedFiles;
	readonly store: ModelStore;
	readonly wanted: WantedModels;
}

/** Knows, or finds out, the exact files that a model id stands for. */
export class ModelFreezer {
	readonly #parts: Parts;
	#known: Promise<ReadonlyMap<EntryId, FrozenModel>> | undefined;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** Entries of the catalog for which nobody has to be asked. */
	known(): Promise<ReadonlyMap<EntryId, FrozenModel>> {
		this.#known ??= this.#freezeKnown();
		return this.#known;
	}

	/** Errors: those of `ModelLibrary.freeze`. */
	async freeze(id: ModelId, signal: AbortSignal): Promise<FrozenModel> {
		const { catalog, store, wanted } = this.#parts;
		const row = await wanted.get(id);
		if (row) return row.model;
		const manifest = await store.manifest(id);
		if (manifest) return frozenOf(manifest);
		const known = [...(await this.known()).values()].find(({ spec }) => spec.id === id);
		if (known) return known;
		const entry = catalog.find((each) => modelIdOf(each, each.revision) === id);
		if (!entry) throw new AppError('library/not-installed', { details: { model: id } });
		return freezeEntry(entry, this.#parts, signal);
	}

	/** The model at the commit that its publisher's branch stands at now; null where that is the one it has. */
	async newer(model: FrozenModel, signal: AbortSignal): Promise<FrozenModel | null> {
		const { catalog, hub } = this.#parts;
		const { entry, source, origin } = model.about;
		if (!source) return null;
		const offered = catalog.find(({ id }) => id === entry);
		const following = offered ?? branchOf(model);
		if (following.integrity !== 'publisher') return null;
		const published = await hub.read(source, following.revision, signal);
		if (published.commit === model.spec.revision) return null;
		return freezeEntry(following, { ...this.#parts, origin }, signal);
	}

	async #freezeKnown(): Promise<ReadonlyMap<EntryId, FrozenModel>> {
		const { signal } = new AbortController();
		const entries = this.#parts.catalog.filter(({ integrity }) => integrity !== 'publisher');
		const frozen = entries.map((entry) => freezeEntry(entry, this.#parts, signal));
		return new Map((await Promise.all(frozen)).map((model) => [model.about.entry, model]));
	}
}

/** A model that the user has added follows the branch that repositories are published on. */
function branchOf(model: FrozenModel): CatalogEntry {
	const entry = entryOf(model);
	// A model library lies elsewhere and is pinned on its own.
	const files = entry.files.map((file) =>
		file.path === entry.modelLibrary?.path
			? file
			: { path: file.path, url: null, bytes: null, sha256: null }
	);
	return { ...entry, files, revision: 'main', integrity: 'publisher' };
}
