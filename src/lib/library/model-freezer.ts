import { AppError } from '../core/errors.ts';
import type { EntryId, ModelId } from '../core/ids.ts';
import type { ModelLibraryFile } from '../core/model-spec.ts';
import { modelLibrariesOf } from './add/model-libraries.ts';
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

	/**
	 * The model at the commit that its publisher's branch stands at now, with the library that goes with this SAM; null
	 * where that is the one it is.
	 */
	async newer(model: FrozenModel, signal: AbortSignal): Promise<FrozenModel | null> {
		const { catalog, hub } = this.#parts;
		const { entry, source, origin } = model.about;
		if (!source) return null;
		const offered = catalog.find(({ id }) => id === entry);
		const following = offered ?? this.#branchOf(model);
		if (following.integrity !== 'publisher') return null;
		const published = await hub.read(source, following.revision, signal);
		const isSameCommit = published.commit === model.spec.revision;
		if (isSameCommit && isSameLibrary(following.modelLibrary, model.spec.modelLibrary)) return null;
		const newer = await freezeEntry(following, { ...this.#parts, origin }, signal);
		return newer.spec.id === model.spec.id ? null : newer;
	}

	/** A model that the user has added follows the branch that repositories are published on. */
	#branchOf(model: FrozenModel): CatalogEntry {
		const entry = entryOf(model);
		const title = entry.source?.repository ?? entry.name;
		const library = modelLibrariesOf(this.#parts.catalog)({
			title,
			quantisation: entry.dtype ?? ''
		});
		// A model library lies elsewhere, is pinned on its own, and goes with the runtime: another SAM has another one.
		const files = entry.files.map((file) => {
			if (file.path !== entry.modelLibrary?.path)
				return { path: file.path, url: null, bytes: null, sha256: null };
			return library?.file ?? file;
		});
		const modelLibrary = entry.modelLibrary && (library?.library ?? entry.modelLibrary);
		return { ...entry, files, modelLibrary, revision: 'main', integrity: 'publisher' };
	}

	async #freezeKnown(): Promise<ReadonlyMap<EntryId, FrozenModel>> {
		const { signal } = new AbortController();
		const entries = this.#parts.catalog.filter(({ integrity }) => integrity !== 'publisher');
		const frozen = entries.map((entry) => freezeEntry(entry, this.#parts, signal));
		return new Map((await Promise.all(frozen)).map((model) => [model.about.entry, model]));
	}
}

/** Whether both want the same compiled code, or none. */
function isSameLibrary(a?: ModelLibraryFile | null, b?: ModelLibraryFile | null): boolean {
	return a?.abi === b?.abi && a?.path === b?.path;
}
