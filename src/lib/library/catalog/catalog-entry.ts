import type { EntryId, Sha256 } from '../../core/ids.ts';
import type {
	EmbeddingSpec,
	ModelLibraryFile,
	ReasoningFormat,
	Task
} from '../../core/model-spec.ts';

/** A public repository of model files. */
export interface ModelSource {
	readonly host: 'huggingface' | 'github';
	/** `owner/name`. */
	readonly repository: string;
}

export interface CatalogFile {
	/** Within the repository. With integrity `publisher`, `*` stands for any characters but `/`. */
	readonly path: string;
	/** Where it lies when that is not the entry's repository: https, or relative to the catalog. */
	readonly url: string | null;
	/** Null where only the publisher can tell. */
	readonly bytes: number | null;
	readonly sha256: Sha256 | null;
}

/**
 * Who vouches for the bytes: `built-in` has none to download; `catalog` states the SHA-256 of every file; `publisher`
 * leaves it to the host's own list of files, which is read, shown and frozen before the first byte is downloaded. What
 * a `remote` server of the user's runs, nobody vouches for; no catalog names one.
 */
export type Integrity = 'built-in' | 'catalog' | 'publisher' | 'remote';

/** A model on offer: what the catalog knows of it before anything is downloaded. */
export interface CatalogEntry {
	readonly id: EntryId;
	readonly name: string;
	readonly family: string;
	/** One sentence for people. */
	readonly summary: string;
	/** Kind of engine in the registry. */
	readonly engine: string;
	readonly tasks: readonly Task[];
	/** Number of weights; null where that says nothing. */
	readonly parameters: number | null;
	/** Quantisation as the runtime names it (`fp32`, `q8`, `q4f16`, `q4f16_1`); null for built-in engines. */
	readonly dtype: string | null;
	/** Prompt plus answer, in tokens. */
	readonly contextTokens: number;
	readonly embedding: EmbeddingSpec | null;
	/** Null only for models that the user has added: the catalog names it always. */
	readonly licence: { readonly name: string; readonly url: string } | null;
	readonly source: ModelSource | null;
	/** Commit of the repository, or a branch where no commit is known: then freezing pins it. Version of a built-in. */
	readonly revision: string;
	readonly integrity: Integrity;
	/** Empty for built-in models. */
	readonly files: readonly CatalogFile[];
	/** Besides what the engine and the quantisation imply: `webgpu`, `cross-origin-isolated`, features of the GPU. */
	readonly needs: readonly string[];
	/** Entries that this one is a better choice than. */
	readonly replaces: readonly EntryId[];
	/** Compiled code that belongs to the weights, where the runtime needs it. */
	readonly modelLibrary: ModelLibraryFile | null;
	/** Null or absent for models that do not reason. */
	readonly reasoning?: ReasoningFormat | null;
}
