import { DynamicCache, PreTrainedModel, type Tensor } from '@huggingface/transformers';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import {
	jsonBytes,
	type ModelFileMap
} from '../../../../tests/fixtures/tiny-models/model-file-map.ts';
import { thinkerLines } from '../../../../tests/fixtures/tiny-models/thinker-script.ts';
import { tinyModel, tinySpec } from '../../../../tests/fixtures/tiny-models/tiny-models.ts';
import type { GenerateEvent, GenerateRequest } from '../../core/generation.ts';
import type { Json } from '../../core/json.ts';
import { memoryModelFiles } from '../../testing/memory-model-files.ts';
import { TransformersEngine } from './transformers-engine.ts';

const { signal } = new AbortController();

async function loaded(
	device: 'wasm' | 'webgpu' = 'wasm',
	alter?: (files: ModelFileMap) => ModelFileMap,
	id?: string
): Promise<TransformersEngine> {
	const engine = new TransformersEngine();
	onTestFinished(() => engine.unload());
	await load(engine, device, alter, id);
	return engine;
}

async function load(
	engine: TransformersEngine,
	device: 'wasm' | 'webgpu',
	alter: (files: ModelFileMap) => ModelFileMap = (files) => files,
	id = 'tiny-llama'
): Promise<void> {
	const model = tinyModel(id);
	const files = alter(model.build());
	const spec = await tinySpec(model, files);
	await engine.load({ spec, files: memoryModelFiles(files), device }, { signal });
}

type Turn = GenerateRequest['messages'][number];
const asks = (content: string): Turn => ({ role: 'user', content });
const says = (content: string): Turn => ({ role: 'assistant', content });

interface Answer {
	readonly text: string;
	readonly reasoning: string;
	readonly end: Extract<GenerateEvent, { type: 'end' }>;
}

async function answer(
	engine: TransformersEngine,
	messages: readonly Turn[],
	change: Partial<GenerateRequest> = {}
): Promise<Answer> {
	const request: GenerateRequest = {
		...{ question: '', passages: [], messages, maxTokens: 24, temperature: 0, seed: 1 },
		...change
	};
	const events = await Array.fromAsync(engine.generate(request, { signal }));
	const end = events.at(-1);
	if (end?.type !== 'end') throw new Error('The answer has no end.');
	const all = (type: GenerateEvent['type']): string =>
		events.map((event) => (event.type === type && event.type !== 'end' ? event.text : '')).join('');
	return { text: all('text-delta'), reasoning: all('reasoning-delta'), end };
}

const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<unknown> } };
const devices = (await gpu?.requestAdapter()) ? (['wasm', 'webgpu'] as const) : (['wasm'] as const);

describe.each(devices)('what was read for one turn (%s)', (device) => {
	// The device, and with it the compiled shaders, stays as long as a model is on it: this one, for all tests.
	const keeper = new TransformersEngine();
	beforeAll(() => load(keeper, device));
	afterAll(() => keeper.unload());

	test('is not read again for the next ones, and the words stay the same', async () => {
		const reads = watchReads();
		const engine = await loaded(device);
		const question = asks('Tell me a story');
		const first = await answer(engine, [question]);
		expect(first.end.usage.cachedTokens).toBe(0);
		expect(reads[0]).toBe(first.end.usage.promptTokens);

		reads.length = 0;
		const talk = [question, says(first.text), asks('Go on')];
		const second = await answer(engine, talk);
		// All but the last token, which was written and never read.
		const known = first.end.usage.promptTokens + first.end.usage.completionTokens - 1;
		expect(second.end.usage.cachedTokens).toBe(known);
		expect(reads[0]).toBe(second.end.usage.promptTokens - known);
		expect(reads.slice(1).every((length) => length === 1)).toBe(true);

		const fresh = await answer(await loaded(device), talk);
		expect(second.text).toBe(fresh.text);
		expect(fresh.end.usage.cachedTokens).toBe(0);

		// The same question anew: all is known but the token from which the answer starts.
		const again = await answer(engine, talk);
		expect(again.text).toBe(second.text);
		expect(again.end.usage.cachedTokens).toBe(again.end.usage.promptTokens - 1);
	});

	test('is given back when another talk begins, and when the engine is unloaded', async () => {
		const dispose = vi.spyOn(DynamicCache.prototype as { dispose(): Promise<void> }, 'dispose');
		onTestFinished(() => dispose.mockRestore());
		const engine = await loaded(device);
		await answer(engine, [asks('Tell me a story about a heron')], { maxTokens: 4 });
		expect(dispose).not.toHaveBeenCalled();
		const other: Turn = { role: 'system', content: 'Be brief, whatever you are asked to do here.' };
		const { end } = await answer(engine, [other, asks('Hello')], { maxTokens: 4 });
		expect(end.usage.cachedTokens).toBeLessThan(14);
		expect(dispose).toHaveBeenCalledTimes(1);
		await engine.unload();
		expect(dispose).toHaveBeenCalledTimes(2);
	});
});

describe('sampling', () => {
	const story = [asks('Tell me a story')];
	const hot = { temperature: 3, maxTokens: 40, seed: 5 };

	test('without heat is the same, whatever the seed', async () => {
		const engine = await loaded();
		const [first] = [await answer(engine, story)];
		expect((await answer(engine, story, { seed: 99, topP: 0.5, topK: 3 })).text).toBe(first.text);
	});

	test.each([
		['of one token is greedy', { topK: 1 }],
		['of the smallest share is greedy', { topP: 1e-6 }]
	])('from a choice %s', async (_, choice) => {
		const engine = await loaded();
		const greedy = await answer(engine, story, { maxTokens: 40 });
		expect((await answer(engine, story, { ...hot, ...choice })).text).toBe(greedy.text);
		expect((await answer(engine, story, hot)).text).not.toBe(greedy.text);
	});

	test('with a share of 1 changes nothing', async () => {
		const engine = await loaded();
		const plain = await answer(engine, story, hot);
		expect((await answer(engine, story, { ...hot, topP: 1 })).text).toBe(plain.text);
	});

	test('makes what was said less likely where that is asked', async () => {
		const engine = await loaded();
		const plain = await answer(engine, story, { maxTokens: 40 });
		const asked = async (repetitionPenalty: number): Promise<string> =>
			(await answer(engine, story, { maxTokens: 40, repetitionPenalty })).text;
		expect(await asked(1)).toBe(plain.text);
		expect(await asked(2)).not.toBe(plain.text);
	});
});

describe('the end of an answer', () => {
	test('comes before a stop string, and counts are those of the model', async () => {
		const engine = await loaded();
		const whole = await answer(engine, [asks('Tell me a story')]);
		const stop = whole.text.slice(6, 8);
		const cut = await answer(engine, [asks('Tell me a story')], { stop: ['#', stop] });
		expect(cut.text).toBe(whole.text.slice(0, whole.text.indexOf(stop)));
		expect(cut.end.reason).toBe('stop');
		expect(cut.end.usage.promptTokens).toBe(whole.end.usage.promptTokens);
		expect(cut.end.usage.completionTokens).toBeLessThan(whole.end.usage.completionTokens);
		expect(cut.end.usage.completionTokens).toBeGreaterThanOrEqual(cut.text.length + 1);
	});

	test('leaves the engine ready for the next answer', async () => {
		const engine = await loaded();
		const whole = await answer(engine, [asks('Tell me a story')]);
		await answer(engine, [asks('Tell me a story')], { stop: [whole.text.slice(2, 4)] });
		expect((await answer(engine, [asks('Tell me a story')])).text).toBe(whole.text);
	});
});

test('a prompt that is too long says by how much', async () => {
	const engine = await loaded();
	const failed = answer(engine, [asks('word '.repeat(2000))]);
	await expect(failed).rejects.toMatchObject({
		code: 'engine/context-overflow',
		// The template adds 19 to the text.
		details: { contextTokens: 8192, promptTokens: 10_019 }
	});
});

test('a model without a chat template answers a plain prompt', async () => {
	const engine = await loaded('wasm', withoutChatTemplate);
	const { text, end } = await answer(engine, [asks('Hello')]);
	expect(text).not.toBe('');
	expect(end.usage.promptTokens).toBe('User: Hello\nAssistant:'.length);
});

test('marks of reasoning count, also where the tokenizer takes them for special tokens', async () => {
	const engine = await loaded('wasm', withSpecialMarks, 'tiny-thinker');
	const { text, reasoning } = await answer(engine, [asks('Is all well?')], { maxTokens: 60 });
	expect(reasoning.trim()).toBe(thinkerLines.thoughts);
	expect(text).toBe(thinkerLines.answer);
});

/** How many tokens each run of a model reads that is loaded from now on. */
function watchReads(): number[] {
	const lengths: number[] = [];
	const { prototype } = PreTrainedModel as unknown as {
		prototype: Pick<PreTrainedModel, 'forward'>;
	};
	const forward = prototype.forward;
	const watch = vi.spyOn(prototype, 'forward').mockImplementation(function (this: unknown, inputs) {
		const { input_ids: read } = inputs as { input_ids: Tensor };
		lengths.push(read.dims[1] ?? 0);
		return forward.call(this as PreTrainedModel, inputs);
	});
	onTestFinished(() => watch.mockRestore());
	return lengths;
}

function withSpecialMarks(files: ModelFileMap): ModelFileMap {
	return withJson(files, 'tokenizer.json', (tokenizer) => {
		const { added_tokens: added } = tokenizer as { added_tokens: Record<string, Json>[] };
		return {
			...tokenizer,
			added_tokens: added.map((token) =>
				/^<\/?think>$/.test(token.content as string) ? { ...token, special: true } : token
			)
		};
	});
}

function withoutChatTemplate(files: ModelFileMap): ModelFileMap {
	return withJson(files, 'tokenizer_config.json', ({ chat_template: _, ...rest }) => rest);
}

function withJson(
	files: ModelFileMap,
	path: string,
	change: (content: Readonly<Record<string, Json>>) => Readonly<Record<string, Json>>
): ModelFileMap {
	const text = new TextDecoder().decode(files.get(path));
	return new Map(files).set(path, jsonBytes(change(JSON.parse(text) as Record<string, Json>)));
}
