import type { AdapterId, ModelId, Sha256 } from '../core/ids.ts';
import type { StoreOf } from '../ports/record-store.ts';
import type { BaseIdentity } from './base-identity.ts';

/** What people read of an adapter, such as its name, has so many characters at most. */
export const maxAdapterText = 2000;

/** A file of an adapter, kept in parts of at most 4 MiB. */
export interface AdapterFile {
	/** `adapter_config.json`, `adapter_model.safetensors`, … */
	readonly path: string;
	readonly bytes: number;
	readonly sha256: Sha256;
	readonly parts: number;
}

/** One linear layer that an adapter changes. */
export interface AdapterModule {
	readonly module: string;
	readonly rank: number;
	readonly inSize: number;
	readonly outSize: number;
}

/** What an adapter was trained on, as far as it is known. Never a runtime. */
export interface AdapterBase {
	/** `base_model_name_or_path`, as it is written; empty where it is not. */
	readonly name: string;
	/** Of the model that it was tied to when it was added, or first worked on; null before. */
	readonly identity: BaseIdentity | null;
	/** Name of that model, for people; null before. */
	readonly model: string | null;
	/** True where the user chose that model, nothing tells that it is the base, and it has not worked with it yet. */
	readonly guessed?: boolean;
}

/** A LoRA adapter that was added. Written in one commit with its parts. */
export interface AdapterRow {
	readonly id: AdapterId;
	/** Of the user's choice. */
	readonly name: string;
	/** Epoch milliseconds. */
	readonly addedAt: number;
	/** Where it came from, for people: a folder, a file, an address. */
	readonly source: string;
	readonly base: AdapterBase;
	/** The highest rank of its modules. */
	readonly rank: number;
	readonly modules: readonly AdapterModule[];
	/** True where all that it adds is zero. */
	readonly isZero: boolean;
	readonly files: readonly AdapterFile[];
	/** Of all files. */
	readonly bytes: number;
	/** Whether the user wants it on wherever it fits. */
	readonly wanted: boolean;
	/** From 0 to 2; see `AdapterUse`. */
	readonly strength: number;
}

/** Parts stay for as long as a row or a backup names their file. */
export interface AdapterPartRow {
	readonly sha256: Sha256;
	readonly part: number;
	readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What came of trying an adapter with a model on this device. The last one counts. */
export interface AdapterCheckRow {
	readonly adapter: AdapterId;
	readonly model: ModelId;
	/** Epoch milliseconds. */
	readonly at: number;
	/**
	 * `same`: it loads, but the answers are those of the base model. `untried`: an upgrade wanted to try it, and could not;
	 * nothing is known against it.
	 */
	readonly result: 'works' | 'same' | 'failed' | 'untried';
	/** A whole sentence for people. */
	readonly reason: string;
	readonly matched: number;
	readonly of: number;
}

export const adapterStore: StoreOf<AdapterRow, AdapterId> = {
	name: 'adapters',
	keyOf: (row) => row.id
};
export const adapterPartStore: StoreOf<AdapterPartRow, [Sha256, number]> = {
	name: 'adapter-parts',
	keyOf: (row) => [row.sha256, row.part]
};
export const adapterCheckStore: StoreOf<AdapterCheckRow, [AdapterId, ModelId]> = {
	name: 'adapter-checks',
	keyOf: (row) => [row.adapter, row.model]
};
