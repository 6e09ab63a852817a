import { afterEach, describe, expect, it } from 'vitest';
import {
	tinyAdapter,
	tinyAdapterTensors
} from '../../../tests/fixtures/tiny-adapters/tiny-adapter.ts';
import type { ModelFileMap } from '../../../tests/fixtures/tiny-models/model-file-map.ts';
import type { Sha256 } from '../core/ids.ts';
import { Database } from '../platform/database.ts';
import { IdbRecordStore } from '../platform/idb-record-store.ts';
import { Sha256HasherFactory } from '../platform/sha256-hasher.ts';
import { SystemClock } from '../platform/system-clock.ts';
import { WebLocks } from '../platform/web-locks.ts';
import { adapterPartStore } from './adapter-records.ts';
import { AdapterStore } from './adapter-store.ts';
import type { ModelFiles } from './model-files.ts';

// Files as a person chooses them, in the browser's own database.

const records = new IdbRecordStore(new Database());
const store = new AdapterStore({
	records,
	clock: new SystemClock(),
	hashers: new Sha256HasherFactory(),
	locks: new WebLocks()
});
const about = { name: 'Pirate', source: 'a folder', base: null };
const nothing = () => Promise.resolve(new Set<Sha256>());
const { signal } = new AbortController();

/** Large enough for several parts. */
const shape = { layers: 1, heads: 64, keyValueHeads: 2, headSize: 64, feedForward: 128 };
const options = { rank: 128, shape, targets: ['q_proj'] } as const;

function chosen(files: ModelFileMap): ModelFiles {
	return {
		paths: [...files.keys()],
		open: (path) => {
			const bytes = files.get(path);
			const file = bytes && new File([bytes], path);
			return Promise.resolve(file && { bytes: file.size, body: file.stream() });
		}
	};
}

type Numbers = Float32Array | Uint8Array;

/** Millions of numbers: an assertion for each would take a minute. */
function equal(a: Numbers | undefined, b: Numbers | undefined): boolean {
	return a?.length === b?.length && a?.every((value, at) => value === b?.[at]) === true;
}

afterEach(async () => {
	for (const { id } of await store.list()) await store.remove(id, nothing);
});

describe('AdapterStore in a browser', () => {
	it('keeps an adapter, gives it back number by number, and leaves nothing behind', async () => {
		const files = tinyAdapter(options);
		const row = await store.add(chosen(files), about, signal);
		expect(row.files.map(({ parts }) => parts)).toEqual([1, 2]);
		const [module] = await store.open(row.id, signal);
		const [a, b] = tinyAdapterTensors(options);
		expect(equal(module?.a, a?.values)).toBe(true);
		expect(equal(module?.b, b?.values)).toBe(true);
		const weights = await store.file(row.id, 'adapter_model.safetensors');
		const read = new Uint8Array(await new Response(weights.body).arrayBuffer());
		expect(equal(read, files.get('adapter_model.safetensors'))).toBe(true);
		await store.remove(row.id, nothing);
		expect(await records.count(adapterPartStore)).toBe(0);
	});

	it('collects the parts that nobody names, one by one', async () => {
		const kept = await store.add(chosen(tinyAdapter(options)), about, signal);
		const gone = await store.add(chosen(tinyAdapter({ ...options, seed: 2 })), about, signal);
		const named = new Set(gone.files.map(({ sha256 }) => sha256));
		await store.remove(gone.id, () => Promise.resolve(named));
		const freed = gone.files[1]?.bytes;
		expect(await store.collectParts(nothing)).toBe(freed);
		expect(await store.isIntact(kept.id, signal)).toBe(true);
	});
});
