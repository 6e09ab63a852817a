import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import {
	jsonBytes,
	type ModelFileMap
} from '../../../../tests/fixtures/tiny-models/model-file-map.ts';
import { tinyModel, tinySpec } from '../../../../tests/fixtures/tiny-models/tiny-models.ts';
import type { GenerateEvent, GenerateRequest } from '../../core/generation.ts';
import type { Json } from '../../core/json.ts';
import { describeModelEngine } from '../../testing/contracts/model-engine.ts';
import { memoryModelFiles } from '../../testing/memory-model-files.ts';
import type { LoadRequest } from '../engine-contract.ts';
import type { GpuFacts } from './gpu-facts.ts';
import { TransformersEngine } from './transformers-engine.ts';

type Device = LoadRequest['device'];

async function requestFor(id: string, device: Device = 'wasm'): Promise<LoadRequest> {
	const model = tinyModel(id);
	const files = model.build();
	const spec = await tinySpec(model, files);
	return { spec, files: memoryModelFiles(files), device };
}

async function loaded(id: string, device?: Device): Promise<TransformersEngine> {
	const engine = new TransformersEngine();
	onTestFinished(() => engine.unload());
	await engine.load(await requestFor(id, device), { signal: never() });
	return engine;
}

describeModelEngine('TransformersEngine with Tiny Llama', async () => ({
	engine: new TransformersEngine(),
	request: await requestFor('tiny-llama')
}));

describeModelEngine('TransformersEngine with Tiny BERT', async () => ({
	engine: new TransformersEngine(),
	request: await requestFor('tiny-bert-64')
}));

const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<unknown> } };
const hasGpu = Boolean(await gpu?.requestAdapter());

describe.skipIf(!hasGpu)('on the GPU', () => {
	// The device, and with it the compiled shaders, stays as long as a model is on it: this one, for all tests.
	const keeper = new TransformersEngine();
	beforeAll(async () =>
		keeper.load(await requestFor('tiny-bert-64', 'webgpu'), { signal: never() })
	);
	afterAll(() => keeper.unload());

	describeModelEngine('TransformersEngine with Tiny Llama', async () => ({
		engine: new TransformersEngine(),
		request: await requestFor('tiny-llama', 'webgpu')
	}));

	describeModelEngine('TransformersEngine with Tiny BERT', async () => ({
		engine: new TransformersEngine(),
		request: await requestFor('tiny-bert-64', 'webgpu')
	}));
});

const facts: readonly (readonly [question: string, passage: string])[] = [
	[
		'How long is the warranty of the kettle?',
		'The kettle comes with a warranty of two years. Keep the receipt to claim a repair.'
	],
	[
		'What do penguins eat?',
		'Penguins live in the cold south and eat fish, crab and other small animals of the sea.'
	],
	[
		'When does the library open on Sunday?',
		'On Sunday the library is open from ten until four, on other days until eight in the evening.'
	],
	[
		'Who painted the ceiling of the chapel?',
		'The artist painted the ceiling of the chapel over four years, lying on his back.'
	],
	[
		'Which planet has the largest storm?',
		'The largest storm of any planet is the great red spot of Jupiter, wider than Earth.'
	],
	[
		'How do I reset my password?',
		'Choose Forgot password, enter your address, and follow the link in the message to reset it.'
	],
	[
		'Why did the bridge fail?',
		'Engineers found that the bridge failed because strong wind made its road swing ever more.'
	],
	[
		'What is the price of a train ticket to Berlin?',
		'A train ticket to Berlin costs forty dollars; students pay half the price.'
	],
	[
		'How is cheese made from milk?',
		'Milk is made to curdle, the curd is pressed, salted, and left to ripen into cheese.'
	],
	[
		'Where do the elephants find water in the desert?',
		'In the desert the elephants dig in dry river beds to find water below the sand.'
	],
	[
		'Which medicine lowers fever?',
		'This medicine lowers fever and pain. Do not take more than four a day.'
	],
	[
		'How many players are in a football team?',
		'A football team has eleven players, one of them the keeper of the goal.'
	]
];

describe.each(['tiny-bert-64', 'tiny-bert-96'])('retrieval with %s', (id) => {
	test('finds the passage for nearly every question', async () => {
		const engine = await loaded(id);
		const [questions, passages] = await Promise.all([
			engine.embed(
				facts.map(([question]) => question),
				{ signal: never(), purpose: 'query' }
			),
			engine.embed(
				facts.map(([, passage]) => passage),
				{ signal: never(), purpose: 'passage' }
			)
		]);
		const hits = questions.filter((question, index) => {
			const scores = passages.map((passage) => dot(question, passage));
			return scores.indexOf(Math.max(...scores)) === index;
		});
		expect(hits.length).toBeGreaterThanOrEqual(facts.length - 2);
	});

	test('gives vectors of length 1', async () => {
		const engine = await loaded(id);
		const [vector] = await engine.embed(['a lighthouse'], { signal: never(), purpose: 'query' });
		expect(dot(vector!, vector!)).toBeCloseTo(1, 5);
	});
});

describe('embedding', () => {
	test('writes the prefix of the purpose before a text, where the model has one', async () => {
		const engine = await loaded('tiny-bert-96');
		const embed = async (text: string, purpose: 'query' | 'passage'): Promise<Float32Array> =>
			(await engine.embed([text], { signal: never(), purpose }))[0]!;
		const asQuery = await embed('river', 'query');
		expect(dot(asQuery, await embed('river', 'passage'))).toBeLessThan(0.99);
		// With both prefixes written out, the two ways meet in the same tokens.
		const written = dot(
			await embed('passage: river', 'query'),
			await embed('query: river', 'passage')
		);
		expect(written).toBeGreaterThan(0.99);
	});

	test('cuts a text that is longer than the model can read', async () => {
		const engine = await loaded('tiny-bert-64');
		const long = 'mountain river forest '.repeat(400);
		const texts = [long, `${long} and then something else entirely`];
		const [a, b] = await engine.embed(texts, { signal: never(), purpose: 'passage' });
		expect(dot(a!, b!)).toBeGreaterThan(0.999999);
	});

	test('tells which texts it has cut, and which not', async () => {
		const engine = await loaded('tiny-bert-64');
		const long = 'mountain river forest '.repeat(400);
		const truncated = async (...texts: string[]): Promise<unknown[]> => {
			const told: unknown[] = [];
			const onTruncated = (places: readonly number[]) => told.push(places);
			await engine.embed(texts, { signal: never(), purpose: 'passage', onTruncated });
			return told;
		};
		expect(await truncated('short', long, 'short', long)).toEqual([[1, 3]]);
		expect(await truncated('short')).toEqual([]);
	});

	test.each(['cls', 'last', 'mean'] as const)(
		'pools by %s: padding beside a text changes nothing, wherever the tokenizer would put it',
		async (pooling) => {
			const request = await requestFor('tiny-bert-64');
			const files = withLeftPadding(tinyModel('tiny-bert-64').build());
			const embedding = { ...request.spec.embedding!, pooling };
			const engine = new TransformersEngine();
			onTestFinished(() => engine.unload());
			await engine.load(
				{ ...request, spec: { ...request.spec, embedding }, files: memoryModelFiles(files) },
				{ signal: never() }
			);
			const embed = (...texts: string[]): Promise<Float32Array[]> =>
				engine.embed(texts, { signal: never(), purpose: 'passage' });
			const [alone] = await embed('the river');
			const [beside] = await embed('the river', 'the river flows to the sea in the south');
			expect(dot(alone!, beside!)).toBeGreaterThan(0.999999);
		}
	);

	test('reports the texts it has done, and stops between batches', async () => {
		const engine = await loaded('tiny-bert-64');
		const texts = Array.from({ length: 40 }, (_, index) => `page ${index} of the book`);
		const abort = new AbortController();
		const seen: number[] = [];
		const embedding = engine.embed(texts, {
			signal: abort.signal,
			purpose: 'passage',
			onProgress: ({ done }) => {
				seen.push(done);
				setTimeout(() => abort.abort());
			}
		});
		await expect(embedding).rejects.toMatchObject({ code: 'cancelled' });
		expect(seen.length).toBeGreaterThan(0);
		expect(Math.max(...seen)).toBeLessThan(texts.length);
		expect(engine.status).toBe('ready');
	});
});

describe('generation', () => {
	const ask = (text: string, rest: Partial<GenerateRequest> = {}): GenerateRequest => ({
		question: text,
		messages: [{ role: 'user', content: text }],
		passages: [],
		maxTokens: 40,
		temperature: 0,
		seed: null,
		...rest
	});
	const answer = async (
		engine: TransformersEngine,
		request: GenerateRequest
	): Promise<{ text: string; deltas: string[]; end: Extract<GenerateEvent, { type: 'end' }> }> => {
		const events = await Array.fromAsync(engine.generate(request, { signal: never() }));
		const deltas = events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : []));
		const end = events.at(-1);
		if (end?.type !== 'end') throw new Error('The stream has no end.');
		return { text: deltas.join(''), deltas, end };
	};

	test('writes the same when greedy', async () => {
		const first = await answer(await loaded('tiny-llama'), ask('Tell me a story'));
		const second = await answer(await loaded('tiny-llama'), ask('Tell me a story'));
		expect(first.text).not.toBe('');
		expect(second.text).toBe(first.text);
	});

	test('writes the same for the same seed, something else for another', async () => {
		const engine = await loaded('tiny-llama');
		const write = async (seed: number): Promise<string> =>
			(await answer(engine, ask('Tell me a story', { temperature: 1, seed }))).text;
		const first = await write(7);
		expect(await write(7)).toBe(first);
		expect(await write(8)).not.toBe(first);
	});

	test('streams in several pieces and counts its tokens, which are bytes here', async () => {
		const engine = await loaded('tiny-llama');
		const request = ask('Tell me a story', { temperature: 1, seed: 1 });
		const { text, deltas, end } = await answer(engine, request);
		expect(deltas.length).toBeGreaterThan(1);
		const written = new TextEncoder().encode(text).byteLength;
		// The token that ends the turn is no text.
		expect(end.usage.completionTokens - written).toBe(end.reason === 'stop' ? 1 : 0);
		expect(end.usage.promptTokens).toBeGreaterThan('Tell me a story'.length);
	});

	test('tells an answer that is complete from one that was cut', async () => {
		const engine = await loaded('tiny-llama');
		const cut = await answer(engine, ask('Tell me a story', { maxTokens: 3 }));
		expect(cut.end).toMatchObject({ reason: 'length', usage: { completionTokens: 3 } });
		const whole = await answer(engine, ask('Hello', { maxTokens: 400, temperature: 1, seed: 1 }));
		expect(whole.end.reason).toBe('stop');
		expect(whole.text.endsWith('.')).toBe(true);
	});

	test('hears an abort that comes from outside while it computes', async () => {
		const engine = await loaded('tiny-llama');
		const abort = new AbortController();
		setTimeout(() => abort.abort(), 30);
		const request = ask('Tell me a story', { maxTokens: 900 });
		const events = await Array.fromAsync(engine.generate(request, { signal: abort.signal }));
		expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'cancelled' });
		expect(engine.status).toBe('ready');
	});

	test('goes on from what it has read, to the same words', async () => {
		const engine = await loaded('tiny-llama');
		const first = await answer(engine, ask('Tell me a story', { maxTokens: 12 }));
		const followUp = ask('', {
			messages: [
				{ role: 'user', content: 'Tell me a story' },
				{ role: 'assistant', content: first.text },
				{ role: 'user', content: 'Go on' }
			]
		});
		const remembered = await answer(engine, followUp);
		const fresh = await answer(await loaded('tiny-llama'), followUp);
		expect(remembered.text).toBe(fresh.text);
		expect(remembered.end.usage.promptTokens).toBe(fresh.end.usage.promptTokens);
	});

	test('refuses a prompt that does not fit, and stays usable', async () => {
		const engine = await loaded('tiny-llama');
		const stream = engine.generate(ask('word '.repeat(2000)), { signal: never() });
		await expect(Array.fromAsync(stream)).rejects.toMatchObject({
			code: 'engine/context-overflow'
		});
		expect((await answer(engine, ask('Hello'))).text).not.toBe('');
	});
});

describe('files', () => {
	test('one file missing is named, instead of waiting for it forever', async () => {
		const engine = new TransformersEngine();
		const request = await requestFor('tiny-bert-64');
		const files = new Map(tinyModel('tiny-bert-64').build());
		files.delete('onnx/model.onnx');
		const spec = { ...request.spec, files: [] };
		const loading = engine.load(
			{ ...request, spec, files: memoryModelFiles(files) },
			{ signal: never() }
		);
		await expect(loading).rejects.toMatchObject({
			code: 'storage/missing',
			details: { what: 'onnx/model.onnx' }
		});
		await engine.unload();
	});

	test('a load can be cancelled while it reads', async () => {
		const engine = new TransformersEngine();
		const abort = new AbortController();
		const loading = engine.load(await requestFor('tiny-bert-64'), {
			signal: abort.signal,
			onProgress: () => abort.abort()
		});
		await expect(loading).rejects.toMatchObject({ code: 'cancelled' });
		expect(engine.status).toBe('unloaded');
	});

	test('progress ends with every byte read', async () => {
		const engine = new TransformersEngine();
		onTestFinished(() => engine.unload());
		const request = await requestFor('tiny-bert-64');
		const seen: number[] = [];
		await engine.load(request, { signal: never(), onProgress: ({ done }) => seen.push(done) });
		expect(seen.at(-1)).toBe(request.spec.files.reduce((sum, { bytes }) => sum + bytes, 0));
	});

	test('nothing is asked of another host', async () => {
		await loaded('tiny-bert-64');
		const hosts = performance
			.getEntriesByType('resource')
			.map(({ name }) => new URL(name, location.href))
			.filter(({ protocol }) => protocol !== 'blob:' && protocol !== 'data:')
			.map(({ host }) => host);
		expect(hosts.length).toBeGreaterThan(0);
		expect(new Set(hosts)).toEqual(new Set([location.host]));
	});
});

describe('the device', () => {
	const loadOn = async (facts: GpuFacts | null): Promise<TransformersEngine> => {
		const engine = new TransformersEngine({ gpuFacts: () => Promise.resolve(facts) });
		onTestFinished(() => engine.unload());
		await engine.load(await requestFor('tiny-bert-64', 'auto'), { signal: never() });
		return engine;
	};

	test('is WebAssembly where the GPU is of no use', async () => {
		expect((await loadOn(null)).capabilities.device).toBe('wasm');
	});

	test('is the GPU where it is usable, and the vectors are the same', async ({ skip }) => {
		if (!hasGpu) skip('This browser gives no WebGPU adapter.');
		const texts = facts.slice(0, 2).map(([, passage]) => passage);
		const embed = (engine: TransformersEngine): Promise<Float32Array[]> =>
			engine.embed(texts, { signal: never(), purpose: 'passage' });
		const withGpu = await loadOn({ isSoftware: false, features: new Set() });
		expect(withGpu.capabilities.device).toBe('webgpu');
		const [onGpu, onCpu] = [await embed(withGpu), await embed(await loadOn(null))];
		onGpu.forEach((vector, index) => {
			const differences = vector.map((value, at) => Math.abs(value - onCpu[index]![at]!));
			expect(Math.max(...differences)).toBeLessThan(1e-3);
		});
	});
});

function withLeftPadding(files: ModelFileMap): ModelFileMap {
	const path = 'tokenizer_config.json';
	const config = JSON.parse(new TextDecoder().decode(files.get(path))) as Record<string, Json>;
	return new Map(files).set(path, jsonBytes({ ...config, padding_side: 'left' }));
}

function never(): AbortSignal {
	return new AbortController().signal;
}

function dot(a: Float32Array, b: Float32Array): number {
	return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}
