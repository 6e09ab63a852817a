import type { EntryId, ModelId } from '../core/ids.ts';
import type { ModelFile } from '../core/model-spec.ts';
import type { CatalogEntry } from '../library/catalog/catalog-entry.ts';
import { ModelLibraryManager } from '../library/model-library-manager.ts';
import { hashPart } from '../library/store/hash-part.ts';
import type { HasherFactory } from '../ports/hasher.ts';
import type { CrashPoint } from './crash-point.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryBlobStore } from './memory-blob-store.ts';
import { MemoryConnectivity } from './memory-connectivity.ts';
import { MemoryLocks } from './memory-locks.ts';
import { MemoryRecordStore } from './memory-record-store.ts';
import { ScriptedRangeSource } from './scripted-range-source.ts';

/** Where the world's relative addresses lead. */
export const hub = 'https://hub.test/';

/** An entry whose every file is known. */
export type KnownEntry = CatalogEntry & { readonly files: readonly ModelFile[] };

/** The id of the world's model of that name. */
export function idIn(name: string, revision = 'v1'): ModelId {
	return `${name}@${revision}` as ModelId;
}

/** Bytes that differ from file to file and from place to place. */
export function fileBody(bytes: number, seed = 1): Uint8Array<ArrayBuffer> {
	return Uint8Array.from({ length: bytes }, (_, i) => (i * 31 + seed * 97 + (i >> 8)) & 255);
}

/** A model of these files, each served under its path. */
export async function modelOf(
	id: string,
	files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>
): Promise<KnownEntry> {
	const described = Object.entries(files).map(async ([path, body]) => ({
		path,
		url: `${id}/${path}`,
		bytes: body.byteLength,
		sha256: await hashPart(body)
	}));
	return {
		id: id as EntryId,
		name: id,
		engine: 'transformers',
		revision: 'v1',
		tasks: ['generate'],
		contextTokens: 1024,
		dtype: 'q8',
		embedding: null,
		files: await Promise.all(described),
		family: 'Test',
		summary: 'A model for tests.',
		parameters: null,
		licence: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
		source: null,
		integrity: described.length === 0 ? 'built-in' : 'catalog',
		needs: [],
		replaces: [],
		modelLibrary: null
	};
}

/** A disk, a network and a clock on which a model library runs, with parts of 4 KiB. */
export class LibraryWorld {
	readonly records = new MemoryRecordStore();
	readonly blobs = new MemoryBlobStore();
	readonly source = new ScriptedRangeSource();
	readonly clock = new ManualClock(1_700_000_000_000);
	readonly connectivity = new MemoryConnectivity();
	/** Of all tabs. */
	readonly locks = new MemoryLocks();
	readonly catalog: KnownEntry[] = [];
	readonly partBytes = 4096;
	readonly hashers: HasherFactory;

	constructor(hashers: HasherFactory) {
		this.hashers = hashers;
	}

	/** Adds a model to the catalog and serves its files. */
	async publish(
		id: string,
		files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>
	): Promise<KnownEntry> {
		const entry = await modelOf(id, files);
		this.catalog.push(entry);
		for (const [path, body] of Object.entries(files))
			this.source.serve(`${hub}${id}/${path}`, { body, validator: 'v1' });
		return entry;
	}

	/** The library as a tab sees it; with a crash point, one that may die. `locks.die()` closes it. */
	tab(crash?: CrashPoint, locks = this.locks.anotherTab()): ModelLibraryManager {
		return new ModelLibraryManager({
			catalog: this.catalog,
			records: crash ? crash.records(this.records) : this.records,
			blobs: crash ? crash.blobs(this.blobs) : this.blobs,
			ranges: this.source,
			hashers: this.hashers,
			clock: this.clock,
			locks,
			connectivity: this.connectivity,
			baseUrl: hub,
			partBytes: this.partBytes,
			random: () => 0
		});
	}
}

/** A signal that never aborts. */
export function neverAborted(): AbortSignal {
	return new AbortController().signal;
}

/** All bytes of a stream. */
export async function bytesOf(
	stream: ReadableStream<Uint8Array<ArrayBuffer>>
): Promise<Uint8Array<ArrayBuffer>> {
	return new Uint8Array(await new Response(stream).arrayBuffer());
}
