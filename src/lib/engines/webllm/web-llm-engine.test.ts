import { describe, expect, onTestFinished, test } from 'vitest';
import { describeModelEngine } from '../../testing/contracts/model-engine.ts';
import { fakeMlc, type FakeMlcEngine, type FakeMlcScript } from '../../testing/fake-mlc-engine.ts';
import { fakeMlcFiles, fakeMlcRequest } from '../../testing/fake-mlc-model.ts';
import { fakeGpu, FakeGpuDevice } from '../../testing/fake-gpu.ts';
import { memoryModelFiles } from '../../testing/memory-model-files.ts';
import type { GenerateEvent, GenerateRequest } from '../../core/generation.ts';
import { nextTask } from '../../core/next-task.ts';
import type { EmbedContext, LoadRequest, Progress } from '../engine-contract.ts';
import { GpuWatch } from './gpu-watch.ts';
import { webLlmAbi } from './web-llm-abi.ts';
import { WebLlmEngine } from './web-llm-engine.ts';

const gpu = fakeGpu();

for (const task of ['generate', 'embed'] as const)
	describeModelEngine(`WebLlmEngine with a model that can ${task}`, () =>
		Promise.resolve({
			engine: new WebLlmEngine({ createEngine: fakeMlc().create, gpu }),
			request: fakeMlcRequest(task)
		})
	);

const { signal } = new AbortController();

interface Loaded {
	readonly engine: WebLlmEngine;
	readonly fake: FakeMlcEngine;
	readonly device: FakeGpuDevice;
}

/** The engine, the runtime below it, and a device that a test can lose. */
async function loaded(request: LoadRequest, script: FakeMlcScript = {}): Promise<Loaded> {
	const { create, made } = fakeMlc(script);
	const device = new FakeGpuDevice();
	const adapters = { requestDevice: () => Promise.resolve(device) };
	const watch = new GpuWatch(adapters);
	await adapters.requestDevice();
	const engine = new WebLlmEngine({ createEngine: create, gpu, watch: () => watch });
	onTestFinished(() => engine.unload());
	await engine.load(request, { signal });
	return { engine, fake: made[0]!, device };
}

function failing(
	request: LoadRequest,
	options: ConstructorParameters<typeof WebLlmEngine>[0] = {}
) {
	const engine = new WebLlmEngine({ createEngine: fakeMlc().create, gpu, ...options });
	return engine.load(request, { signal });
}

const ask = (text: string, rest: Partial<GenerateRequest> = {}): GenerateRequest => ({
	question: text,
	messages: [{ role: 'user', content: text }],
	...{ passages: [], maxTokens: 40, temperature: 0, seed: null },
	...rest
});

const answer = (engine: WebLlmEngine, request: GenerateRequest): Promise<GenerateEvent[]> =>
	Array.fromAsync(engine.generate(request, { signal }));

const textOf = (events: readonly GenerateEvent[], type = 'text-delta'): string =>
	events.map((event) => (event.type === type && 'text' in event ? event.text : '')).join('');

const passages: EmbedContext = { signal, purpose: 'passage' };

describe('before anything is loaded it refuses', () => {
	test.each([
		['no WebGPU', { gpu: {} }, 'engine/no-webgpu'],
		[
			'no adapter',
			{ gpu: { gpu: { requestAdapter: () => Promise.resolve(null) } } },
			'engine/no-webgpu'
		],
		['a small adapter', { gpu: fakeGpu({ maxBufferSize: 2 ** 27 }) }, 'engine/gpu-too-small']
	])('a device with %s', async (_, options, code) => {
		const { create, made } = fakeMlc();
		const load = failing(fakeMlcRequest('embed'), { createEngine: create, ...options });
		await expect(load).rejects.toMatchObject({ code, details: { name: 'Fake MLC' } });
		expect(made).toEqual([]);
	});

	test('half precision where the adapter lacks it', async () => {
		const request = fakeMlcRequest('generate', undefined, { dtype: 'q4f16_1' });
		await expect(failing(request)).rejects.toMatchObject({
			code: 'engine/gpu-too-small',
			details: { reason: expect.stringContaining('shader-f16') as string }
		});
		await expect(failing(request, { gpu: fakeGpu({}, ['shader-f16']) })).resolves.toBeUndefined();
	});

	test('a library of another version, and names both', async () => {
		const modelLibrary = { abi: 'v0_2_48', path: 'model.wasm' };
		const request = fakeMlcRequest('generate', undefined, { modelLibrary });
		await expect(failing(request)).rejects.toMatchObject({
			code: 'engine/library-mismatch',
			details: { name: 'Fake MLC', has: 'v0_2_48', needs: webLlmAbi }
		});
	});

	test('the processor', async () => {
		const request = { ...fakeMlcRequest('embed'), device: 'wasm' } as const;
		await expect(failing(request)).rejects.toMatchObject({ code: 'engine/unsupported' });
	});

	test('a model whose vectors it cannot make', async () => {
		const { spec } = fakeMlcRequest('embed');
		const embedding = { ...spec.embedding!, pooling: 'mean' } as const;
		const request = fakeMlcRequest('embed', undefined, { embedding });
		await expect(failing(request)).rejects.toMatchObject({ code: 'engine/unsupported' });
	});
});

describe('loading', () => {
	test('counts the bytes of the files, from the first to the last', async () => {
		const request = fakeMlcRequest('generate');
		const seen: Progress[] = [];
		const engine = new WebLlmEngine({ createEngine: fakeMlc().create, gpu });
		await engine.load(request, { signal, onProgress: (step) => seen.push(step) });
		const total = request.spec.files.reduce((sum, { bytes }) => sum + bytes, 0);
		expect(seen.at(-1)).toEqual({ done: total, total });
		expect(seen.length).toBeGreaterThan(5);
		expect(seen.map(({ done }) => done)).toEqual(
			seen.map(({ done }) => done).toSorted((a, b) => a - b)
		);
	});

	test('takes weights whose list has its older name', async () => {
		const files = fakeMlcFiles('generate');
		files.set('ndarray-cache.json', files.get('tensor-cache.json')!);
		files.delete('tensor-cache.json');
		const { engine } = await loaded(fakeMlcRequest('generate', files));
		expect(engine.status).toBe('ready');
	});

	test.each(['mlc-chat-config.json', 'tokenizer.json', 'tensor-cache.json', 'params_shard_1.bin'])(
		'names %s where it is missing, instead of waiting for it',
		async (path) => {
			const files = fakeMlcFiles('generate');
			files.delete(path);
			await expect(failing(fakeMlcRequest('generate', files))).rejects.toMatchObject({
				code: 'storage/missing',
				details: { what: path }
			});
		}
	);

	test.each([
		[
			'a library that the runtime cannot link',
			{ 'model.wasm': 'of another version' },
			'engine/library-mismatch'
		],
		['a configuration that is none', { 'mlc-chat-config.json': 'Not found' }, 'engine/bad-model'],
		[
			'weights that are shorter than their list says',
			{ 'params_shard_0.bin': 'short' },
			'engine/bad-model'
		]
	])('tells %s', async (_, other, code) => {
		const load = failing(fakeMlcRequest('generate', fakeMlcFiles('generate', other)));
		await expect(load).rejects.toMatchObject({ code, details: { name: 'Fake MLC' } });
	});

	test('cancelled halfway, reads nothing more', async () => {
		const abort = new AbortController();
		let reads = 0;
		const pause = async (): Promise<void> => {
			if (++reads === 4) abort.abort();
			await nextTask();
		};
		const engine = new WebLlmEngine({ createEngine: fakeMlc({ pause }).create, gpu });
		const load = engine.load(fakeMlcRequest('generate'), { signal: abort.signal });
		await expect(load).rejects.toMatchObject({ code: 'cancelled' });
		expect(engine.status).toBe('unloaded');
		await nextTask();
		await nextTask();
		expect(reads).toBeLessThanOrEqual(5);
	});

	test('holds no longer context than the spec says, or than the model was made for', async () => {
		const { engine, fake } = await loaded(fakeMlcRequest('generate'));
		expect(fake.options.context_window_size).toBe(512);
		expect(engine.capabilities.contextTokens).toBe(512);
		const large = await loaded(fakeMlcRequest('generate', undefined, { contextTokens: 1e6 }));
		expect(large.engine.capabilities.contextTokens).toBe(4096);
	});
});

describe('a lost device', () => {
	test('is known at once, and every call says so', async () => {
		const { engine, device } = await loaded(fakeMlcRequest('generate'));
		await device.lose('unknown');
		expect(engine.status).toBe('lost');
		await expect(answer(engine, ask('Hello'))).rejects.toMatchObject({
			code: 'engine/device-lost'
		});
	});

	test.each(['prefill', 'step', 'embed', 'file'] as const)('ends what hangs in %s', async (at) => {
		const hang = async (point: string): Promise<void> => {
			if (point !== at || !armed) return;
			void device.lose('unknown');
			await new Promise(() => undefined);
		};
		let armed = at === 'file';
		const task = at === 'embed' ? 'embed' : 'generate';
		const device = new FakeGpuDevice();
		const adapters = { requestDevice: () => Promise.resolve(device) };
		const watch = new GpuWatch(adapters);
		await adapters.requestDevice();
		const createEngine = fakeMlc({ pause: hang }).create;
		const engine = new WebLlmEngine({ createEngine, gpu, watch: () => watch });
		const load = engine.load(fakeMlcRequest(task), { signal });
		if (at === 'file') await expect(load).rejects.toMatchObject({ code: 'engine/device-lost' });
		else await load;
		armed = true;
		if (at === 'embed')
			await expect(engine.embed(['text'], passages)).rejects.toMatchObject({
				code: 'engine/device-lost'
			});
		if (at === 'prefill' || at === 'step')
			await expect(answer(engine, ask('Hello'))).rejects.toMatchObject({
				code: 'engine/device-lost'
			});
		expect(engine.status).toBe('lost');
	});

	test('that the runtime has given up for want of memory is told as that', async () => {
		const { engine, device } = await loaded(fakeMlcRequest('embed'));
		await device.refuseMemory();
		await device.lose('destroyed');
		await expect(engine.embed(['text'], passages)).rejects.toMatchObject({
			code: 'engine/out-of-memory'
		});
	});

	test('is no loss when the engine is unloaded', async () => {
		const { engine, device } = await loaded(fakeMlcRequest('embed'));
		await engine.unload();
		expect(device.isDestroyed).toBe(true);
		expect(engine.status).toBe('unloaded');
	});
});

describe('an answer', () => {
	test('goes on from what has been read, and says how much that was', async () => {
		const { engine } = await loaded(fakeMlcRequest('generate'), { answer: () => 'Two years.' });
		const first = await answer(engine, ask('How long?'));
		const messages = [
			{ role: 'user', content: 'How long?' },
			{ role: 'assistant', content: textOf(first) },
			{ role: 'user', content: 'Why?' }
		] as const;
		const second = await answer(engine, ask('Why?', { messages }));
		const end = second.at(-1);
		expect(first.at(-1)).toMatchObject({ usage: { cachedTokens: 0 } });
		expect(end).toMatchObject({ type: 'end', reason: 'stop', usage: { completionTokens: 4 } });
		const { usage } = end as Extract<GenerateEvent, { type: 'end' }>;
		expect(usage.cachedTokens).toBeGreaterThan(5);
		expect(usage.promptTokens).toBeGreaterThan(usage.cachedTokens!);
	});

	test('ends before a stop string, with its counts, and the next one is whole', async () => {
		const { engine } = await loaded(fakeMlcRequest('generate'));
		const stopped = await answer(engine, ask('How long?', { stop: [' two'] }));
		expect(textOf(stopped)).toBe('The warranty covers');
		expect(stopped.at(-1)).toMatchObject({ reason: 'stop', usage: { completionTokens: 4 } });
		expect(
			(stopped.at(-1) as { usage: { promptTokens: number } }).usage.promptTokens
		).toBeGreaterThan(2);
		expect(textOf(await answer(engine, ask('How long?')))).toContain('batteries');
	});

	test('ends soon when it is stopped while the prompt is read, though the runtime forgets that', async () => {
		const abort = new AbortController();
		const pause = async (at: string): Promise<void> => {
			if (at === 'prefill') abort.abort();
			await nextTask();
		};
		const { engine, fake } = await loaded(fakeMlcRequest('generate'), { pause });
		const events = await Array.fromAsync(
			engine.generate(ask('Tell me all'), { signal: abort.signal })
		);
		expect(events).toMatchObject([{ type: 'end', reason: 'cancelled' }]);
		expect(fake.prompts).toHaveLength(1);
	});

	test('that does not fit says how much there was and how much fits', async () => {
		const request = fakeMlcRequest('generate', undefined, { contextTokens: 20 });
		const { engine } = await loaded(request);
		const long = answer(engine, ask('word '.repeat(100)));
		await expect(long).rejects.toMatchObject({
			code: 'engine/context-overflow',
			details: { contextTokens: 20, promptTokens: expect.any(Number) as number }
		});
		expect(engine.status).toBe('ready');
		expect(textOf(await answer(engine, ask('Hello')))).not.toBe('');
	});

	test('is asked for with the words as they are, also where a template is filled with them', async () => {
		const { engine, fake } = await loaded(fakeMlcRequest('generate'));
		const messages = [
			{ role: 'system', content: "It costs $$5, $& and $'." },
			{ role: 'user', content: 'Is $$ one dollar or two? $1' }
		] as const;
		await answer(engine, ask('', { messages }));
		expect(fake.prompts[0]).toBe(
			"SYSTEM It costs $$5, $& and $'.\nUSER Is $$ one dollar or two? $1\nASSISTANT "
		);
	});
});

describe('a model that reasons', () => {
	const reasoning = { open: '<think>', close: '</think>', opened: false };
	const request = fakeMlcRequest('generate', undefined, { reasoning });
	const script = { answer: () => '<think>one two three four five</think>Two years.' };

	test('is heard thinking apart from its answer', async () => {
		const { engine } = await loaded(request, script);
		const events = await answer(engine, ask('How long?'));
		expect(textOf(events, 'reasoning-delta').trim()).toBe('one two three four five');
		expect(textOf(events).trim()).toBe('Two years.');
	});

	test('ends its thoughts when their time is up', async () => {
		const { engine } = await loaded(request, script);
		const events = await answer(engine, ask('How long?', { reasoningTokens: 2 }));
		expect(textOf(events, 'reasoning-delta').trim()).toBe('one two');
		const next = await answer(engine, ask('How long?'));
		expect(textOf(next, 'reasoning-delta').trim()).toBe('one two three four five');
	});
});

describe('vectors', () => {
	test('are made of the text between its special tokens, after the prefix of the purpose', async () => {
		const { engine, fake } = await loaded(fakeMlcRequest('embed'));
		await engine.embed(['two years'], { ...passages, purpose: 'query' });
		const ids = fake.batches.at(-1)![0]!;
		expect(fake.vocabulary.decode(ids)).toBe('[CLS]find: two years[SEP]');
	});

	test('have length 1 where the spec says so', async () => {
		const { engine } = await loaded(fakeMlcRequest('embed'));
		const [vector] = await engine.embed(['two years'], passages);
		expect(Math.hypot(...vector!)).toBeCloseTo(1, 5);
	});

	test.each([
		['any texts together', {}, [3, 4]],
		[
			'texts of one length together where it ignores what padding is',
			{ ignoresMask: true },
			[2, 2]
		],
		['each text alone where a batch changes it', { ignoresMask: true, mixesTexts: true }, [1, 1]]
	])('are made of %s', async (_, script, [least, most]) => {
		const { engine, fake } = await loaded(fakeMlcRequest('embed'), script);
		const before = fake.batches.length;
		const texts = ['one', 'two three four', 'five', 'six seven', 'eight nine ten', 'eleven twelve'];
		const together = await engine.embed(texts, passages);
		const sizes = fake.batches.slice(before).map(({ length }) => length);
		expect(Math.max(...sizes)).toBeGreaterThanOrEqual(least!);
		expect(Math.max(...sizes)).toBeLessThanOrEqual(most!);
		for (const [at, text] of texts.entries())
			expect((await engine.embed([text], passages))[0]).toEqual(together[at]);
	});

	test('of a text that is too long are those of its beginning, and it is told which', async () => {
		const { engine, fake } = await loaded(fakeMlcRequest('embed'));
		const cut: number[] = [];
		const long = 'word '.repeat(100);
		await engine.embed(['short', long, 'short too'], {
			...passages,
			onTruncated: (places) => cut.push(...places)
		});
		expect(cut).toEqual([1]);
		expect(Math.max(...fake.batches.flat().map(({ length }) => length))).toBe(32);
	});
});

test('the files may hang on a model that is unloaded while it embeds: the call is cancelled', async () => {
	const files = memoryModelFiles(fakeMlcFiles('embed'));
	const { engine } = await loaded({ ...fakeMlcRequest('embed'), files });
	const running = engine.embed(['text'], passages);
	await Promise.all([
		expect(running).rejects.toMatchObject({ code: 'cancelled' }),
		engine.unload()
	]);
	expect(engine.status).toBe('unloaded');
});
