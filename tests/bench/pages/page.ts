import { AppError } from '../../../src/lib/core/errors.ts';
import type { EntryId, ModelId, Sha256 } from '../../../src/lib/core/ids.ts';
import type { CatalogEntry } from '../../../src/lib/library/catalog/catalog-entry.ts';
import type { LibraryClient } from '../../../src/lib/library/library-client.ts';
import { adapterBench } from './adapter-bench.ts';
import { askWorker } from './ask-worker.ts';
import { controllerBench } from './controller-bench.ts';
import { engineBench } from './engine-bench.ts';
import { knowledgeBench } from './knowledge-bench.ts';
import { openLibrary } from './open-library.ts';
import type { PipelineSettings } from './pipeline.ts';
import { setupSwitches } from './setup-switches.ts';

/** A file of the bench's server, with what a catalog knows of it. */
export interface BenchFile {
	readonly url: string;
	readonly bytes: number;
	readonly sha256: string;
}

let library: { readonly client: LibraryClient; readonly model: ModelId } | undefined;

/** What the benches ask of a page. Times are in milliseconds. */
const bench = {
	/** `fetch` → `cache.put` in a worker: all that is needed where nobody asks what came. */
	plain(url: string): Promise<number> {
		return askWorker(
			new Worker(new URL('./plain.worker.ts', import.meta.url), { type: 'module' }),
			url
		);
	},

	/** The pieces of a download put together in one way. */
	pipeline(settings: PipelineSettings): Promise<number> {
		return askWorker(
			new Worker(new URL('./pipeline.worker.ts', import.meta.url), { type: 'module' }),
			settings
		);
	},

	/** Starts the app's own library with one model of one file. */
	async openLibrary(file: BenchFile): Promise<void> {
		const client = openLibrary([entryOf(file)]);
		const [listing] = await client.listings();
		if (!listing) throw new AppError('bug', { details: { reason: 'no listing' } });
		library = { client, model: listing.id };
	},

	/** Download, check and manifest, until the model can be loaded. */
	async install(): Promise<number> {
		const { client, model } = opened();
		const start = performance.now();
		await client.install(model, () => undefined, new AbortController().signal);
		return performance.now() - start;
	},

	async remove(): Promise<void> {
		const { client, model } = opened();
		await client.remove(model, []);
	},

	switches: setupSwitches,
	controller: controllerBench,
	engines: engineBench,
	knowledge: knowledgeBench,
	adapters: adapterBench
};

export type BenchPage = typeof bench;

declare global {
	interface Window {
		bench: BenchPage;
	}
}

window.bench = bench;

function opened() {
	if (library) return library;
	throw new AppError('bug', { details: { reason: 'the library was not opened' } });
}

function entryOf({ url, bytes, sha256 }: BenchFile): CatalogEntry {
	return {
		id: 'bench' as EntryId,
		name: 'Bench',
		family: 'Bench',
		summary: 'A file to download.',
		engine: 'transformers',
		tasks: ['embed'],
		parameters: null,
		dtype: 'fp32',
		contextTokens: 512,
		embedding: null,
		licence: null,
		source: null,
		revision: '0'.repeat(40),
		integrity: 'catalog',
		files: [{ path: 'model.bin', url, bytes, sha256: sha256 as Sha256 }],
		needs: [],
		replaces: [],
		modelLibrary: null
	};
}
