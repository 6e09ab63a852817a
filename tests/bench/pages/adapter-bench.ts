import { AdapterStore } from '../../../src/lib/adapters/adapter-store.ts';
import type { AdapterUse } from '../../../src/lib/core/setup.ts';
import { Database } from '../../../src/lib/platform/database.ts';
import { IdbRecordStore } from '../../../src/lib/platform/idb-record-store.ts';
import { Sha256HasherFactory } from '../../../src/lib/platform/sha256-hasher.ts';
import { SystemClock } from '../../../src/lib/platform/system-clock.ts';
import { memoryModelFiles } from '../../../src/lib/testing/memory-model-files.ts';
import { tinyAdapter, type TinyAdapterOptions } from '../../fixtures/tiny-adapters/tiny-adapter.ts';
import { askWorker } from './ask-worker.ts';
import type { GraftWork } from './graft.worker.ts';

/** What the benches of adapters ask of a page. Times are in milliseconds. */
export const adapterBench = {
	/** Adds an adapter of random weights to the app's store. */
	async add(options: TinyAdapterOptions): Promise<AdapterUse> {
		const records = new IdbRecordStore(new Database());
		const parts = { records, clock: new SystemClock(), hashers: new Sha256HasherFactory() };
		const about = { name: 'Bench', source: 'bench', base: null };
		const files = memoryModelFiles(tinyAdapter(options));
		const row = await new AdapterStore(parts).add(files, about, new AbortController().signal);
		return { adapter: row.id, strength: 1 };
	},

	/** Reads a model from the app's store in a worker, in one of several ways. */
	read(work: GraftWork): Promise<number> {
		return askWorker(
			new Worker(new URL('./graft.worker.ts', import.meta.url), { type: 'module' }),
			work
		);
	}
};
