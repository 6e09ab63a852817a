import { beforeAll, beforeEach, expect, test } from 'vitest';
import {
	tinyAdapter,
	type TinyAdapterOptions
} from '../../../tests/fixtures/tiny-adapters/tiny-adapter.ts';
import { tinyModel, tinySpec } from '../../../tests/fixtures/tiny-models/tiny-models.ts';
import { adapterCheckStore, type AdapterCheckRow } from '../adapters/adapter-records.ts';
import { AdapterStore } from '../adapters/adapter-store.ts';
import type { AdapterId } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import { EngineClient } from '../engines/engine-client.ts';
import { transformersInfo } from '../engines/transformers/transformers-info.ts';
import { CacheBlobStore } from '../platform/cache-blob-store.ts';
import { Database } from '../platform/database.ts';
import { IdbRecordStore } from '../platform/idb-record-store.ts';
import { Sha256HasherFactory } from '../platform/sha256-hasher.ts';
import { SystemClock } from '../platform/system-clock.ts';
import { installModel } from '../testing/install-model.ts';
import { memoryModelFiles } from '../testing/memory-model-files.ts';
import { WorkerHost } from '../wire/worker-host.ts';
import { AdapterTester } from './adapter-tester.ts';
import { EnginePool } from './engine-pool.ts';

// A real model in the worker that ships, as the Tuner and upgrades try it.

const clock = new SystemClock();
const records = new IdbRecordStore(new Database());
const store = new AdapterStore({ records, clock, hashers: new Sha256HasherFactory() });
const sleep = (ms: number, signal: AbortSignal) => clock.sleep(ms, signal);
const { signal } = new AbortController();
const pool = new EnginePool({
	make: () =>
		new EngineClient({
			info: transformersInfo,
			spawn: () => new WorkerHost({ name: 'engine', spawn, readyTimeoutMs: 30_000, sleep }),
			sleep
		})
});
const tester = new AdapterTester({ bench: pool, records, clock });

function spawn(): Worker {
	return new Worker(new URL('../../workers/engine.worker.ts', import.meta.url), { type: 'module' });
}

let spec: ModelSpec;
let added: AdapterId[];

beforeAll(async () => {
	const model = tinyModel('tiny-llama');
	const files = model.build();
	spec = await tinySpec(model, files);
	await installModel({ records, blobs: new CacheBlobStore() }, spec, files);
});

beforeEach(() => {
	added = [];
	return () => Promise.all(added.map((id) => store.remove(id, () => Promise.resolve(new Set()))));
});

async function check(options: TinyAdapterOptions): Promise<AdapterCheckRow> {
	const files = memoryModelFiles(tinyAdapter(options));
	const { id } = await store.add(files, { name: 'Mine', source: 'a test', base: null }, signal);
	added.push(id);
	const row = await tester.check({ adapter: id, strength: 1 }, spec, signal);
	expect(await records.get(adapterCheckStore, [id, spec.id])).toEqual(row);
	return row;
}

test('an adapter that was trained works', async () => {
	expect(await check({ seed: 7 })).toMatchObject({ result: 'works', matched: 4, of: 4 });
});

test('one whose training never began changes nothing, and is told to', async () => {
	expect(await check({ zero: true })).toMatchObject({
		result: 'same',
		reason: 'This adapter changes nothing: all that it adds is zero.'
	});
});

test('one for a model of another size does not work, and the reason is told', async () => {
	const shape = { layers: 2, heads: 2, keyValueHeads: 1, headSize: 16, feedForward: 64 };
	const { result, reason } = await check({ shape });
	expect(result).toBe('failed');
	expect(reason).toMatch(/^"Mine" was made for a model of another size: .* needs .*\.$/);
});
