import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { tinyAdapter } from '../../../tests/fixtures/tiny-adapters/tiny-adapter.ts';
import { tinyModel, tinySpec } from '../../../tests/fixtures/tiny-models/tiny-models.ts';
import type { GenerateRequest } from '../core/generation.ts';
import type { AdapterId, Sha256 } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { AdapterUse } from '../core/setup.ts';
import { EngineClient } from '../engines/engine-client.ts';
import { noFiles } from '../engines/no-files.ts';
import { transformersInfo } from '../engines/transformers/transformers-info.ts';
import { CacheBlobStore } from '../platform/cache-blob-store.ts';
import { Database } from '../platform/database.ts';
import { IdbRecordStore } from '../platform/idb-record-store.ts';
import { Sha256HasherFactory } from '../platform/sha256-hasher.ts';
import { SystemClock } from '../platform/system-clock.ts';
import { write } from '../ports/store-write.ts';
import { installModel } from '../testing/install-model.ts';
import { memoryModelFiles } from '../testing/memory-model-files.ts';
import WatchedWorker from '../testing/watched-engine.worker.ts?worker';
import { WorkerHost } from '../wire/worker-host.ts';
import { adapterPartStore } from './adapter-records.ts';
import { AdapterStore } from './adapter-store.ts';

// Everything is real: the worker that ships, the runtime, Cache Storage and IndexedDB.

const clock = new SystemClock();
const records = new IdbRecordStore(new Database());
const store = new AdapterStore({ records, clock, hashers: new Sha256HasherFactory() });
const nothing = () => Promise.resolve(new Set<Sha256>());
const { signal } = new AbortController();
const request: GenerateRequest = {
	...{ question: '', messages: [{ role: 'user', content: 'Tell me a story' }], passages: [] },
	...{ maxTokens: 24, temperature: 0, seed: 1 }
};

let spec: ModelSpec;
let base: string;

beforeAll(async () => {
	const model = tinyModel('tiny-llama');
	const files = model.build();
	spec = await tinySpec(model, files);
	await installModel({ records, blobs: new CacheBlobStore() }, spec, files);
	base = (await answerWith([])).text;
});

let style: AdapterId;
let law: AdapterId;

beforeEach(async () => {
	style = await added('My style', { targets: ['q_proj', 'v_proj'], seed: 1 });
	law = await added('My law', { targets: ['down_proj', 'o_proj'], seed: 2 });
	return () => Promise.all([style, law].map((id) => store.remove(id, nothing)));
});

async function added(name: string, options: Parameters<typeof tinyAdapter>[0]): Promise<AdapterId> {
	const files = memoryModelFiles(tinyAdapter(options));
	return (await store.add(files, { name, source: 'a test', base: null }, signal)).id;
}

const use = (adapter: AdapterId, strength = 1): AdapterUse => ({ adapter, strength });

/** A client of a worker of its own, and what that worker has asked the network for. */
function watchedClient() {
	const name = crypto.randomUUID();
	const sleep = (ms: number, abort: AbortSignal) => clock.sleep(ms, abort);
	const spawn = () => new WatchedWorker({ name });
	const client = new EngineClient({
		info: transformersInfo,
		spawn: () => new WorkerHost({ name: 'engine', spawn, readyTimeoutMs: 30_000, sleep }),
		sleep
	});
	const channel = new BroadcastChannel(name);
	const asked = () =>
		new Promise<readonly string[]>((resolve) => {
			channel.onmessage = ({ data }: MessageEvent<readonly string[]>) => resolve(data);
			channel.postMessage(null);
		});
	const end = async (): Promise<void> => {
		channel.close();
		await client.unload();
	};
	return { client, asked, end };
}

/** All that it writes, what it says to itself included. */
async function answerWith(adapters: readonly AdapterUse[], model = spec) {
	const { client, asked, end } = watchedClient();
	try {
		await client.load({ spec: model, files: noFiles, device: 'wasm', adapters }, { signal });
		let text = '';
		for await (const event of client.generate(request, { signal })) {
			if (event.type !== 'end') text += event.text;
		}
		return { text, matches: client.capabilities.adapters, urls: await asked() };
	} finally {
		await end();
	}
}

describe('an adapter that is on', () => {
	test('changes what the model writes, and tells how much of it found its place', async () => {
		const { text, matches } = await answerWith([use(style)]);
		expect(text).not.toBe('');
		expect(text).not.toBe(base);
		expect(matches).toEqual([{ adapter: style, matched: 4, of: 4 }]);
	});

	test('changes what a model that reasons says to itself, too', async () => {
		const thinker: ModelSpec = { ...spec, engine: 'deepseek' };
		const [alone, adapted] = [
			await answerWith([], thinker),
			await answerWith([use(style)], thinker)
		];
		expect(adapted.text).not.toBe('');
		expect(adapted.text).not.toBe(alone.text);
		expect(adapted.matches).toEqual([{ adapter: style, matched: 4, of: 4 }]);
	});

	test('leaves the stored model as it is: switched off, it writes as before', async () => {
		await answerWith([use(style)]);
		const off = await answerWith([]);
		expect(off.text).toBe(base);
		expect(off.matches).toBeUndefined();
	});

	test('changes nothing at strength 0, and more than nothing at a half', async () => {
		const none = await answerWith([use(style, 0)]);
		expect(none.text).toBe(base);
		expect(none.matches).toEqual([{ adapter: style, matched: 4, of: 4 }]);
		const some = await answerWith([use(style, 0.5)]);
		expect(some.text).not.toBe(base);
	});

	test('adds up with another one, in either order', async () => {
		const both = await answerWith([use(style), use(law)]);
		const alone = [await answerWith([use(style)]), await answerWith([use(law)])];
		for (const { text } of alone) expect(both.text).not.toBe(text);
		expect(both.matches?.map(({ matched, of }) => matched === of)).toEqual([true, true]);
		expect((await answerWith([use(law), use(style)])).text).toBe(both.text);
	});

	test('costs no byte from the network', async () => {
		const { urls } = await answerWith([use(style), use(law)]);
		expect(urls.length).toBeGreaterThan(0);
		// The scripts and the runtime of this app; nothing of the model, whose address leads nowhere.
		expect(urls.filter((url) => new URL(url).host !== location.host)).toEqual([]);
		expect(urls.filter((url) => /\.(onnx|safetensors)/.test(url))).toEqual([]);
	});
});

test('no code for adapters is loaded where none is on', async () => {
	const isOfAdapters = (url: string): boolean => new URL(url).pathname.includes('/lib/adapters/');
	expect((await answerWith([])).urls.filter(isOfAdapters)).toEqual([]);
	expect((await answerWith([use(style)])).urls.filter(isOfAdapters)).not.toEqual([]);
});

describe('an adapter that cannot be worked in', () => {
	test('is named where it is not here any more', async () => {
		const gone = 'f'.repeat(64) as AdapterId;
		await expect(answerWith([use(style), use(gone)])).rejects.toMatchObject({
			code: 'adapter/missing',
			details: { adapter: gone }
		});
	});

	test('is named where its bytes are not those that were added', async () => {
		const [file] = (await store.get(law))!.files.slice(-1);
		const part = (await records.get(adapterPartStore, [file!.sha256, 0]))!;
		const bytes = part.bytes.slice();
		bytes[bytes.length - 1]! ^= 1;
		await records.commit([write.put(adapterPartStore, { ...part, bytes })]);
		await expect(answerWith([use(style), use(law)])).rejects.toMatchObject({
			code: 'adapter/damaged',
			details: { adapter: law, name: 'My law' }
		});
	});

	test('is named where it was made for a model of another size', async () => {
		const shape = { layers: 2, heads: 2, keyValueHeads: 1, headSize: 16, feedForward: 64 };
		const small = await added('Too small', { shape, seed: 3 });
		onTestFinished(() => store.remove(small, nothing));
		await expect(answerWith([use(style), use(small)])).rejects.toMatchObject({
			code: 'adapter/wrong-shape',
			details: { adapter: small, name: 'Too small', model: 'Tiny Llama' }
		});
	});
});
