import { describe, expect, onTestFinished, test } from 'vitest';
import { thinkerLines } from '../../../../tests/fixtures/tiny-models/thinker-script.ts';
import { tinyModel, tinySpec } from '../../../../tests/fixtures/tiny-models/tiny-models.ts';
import type { ChatMessage, GenerateEvent, GenerateRequest } from '../../core/generation.ts';
import { describeModelEngine } from '../../testing/contracts/model-engine.ts';
import { memoryModelFiles } from '../../testing/memory-model-files.ts';
import type { LoadRequest } from '../engine-contract.ts';
import { DeepSeekEngine } from './deepseek-engine.ts';

async function requestFor(id: string): Promise<LoadRequest> {
	const model = tinyModel(id);
	const files = model.build();
	const spec = await tinySpec(model, files);
	return { spec, files: memoryModelFiles(files), device: 'wasm' };
}

async function loaded(id: string): Promise<DeepSeekEngine> {
	const engine = new DeepSeekEngine();
	onTestFinished(() => engine.unload());
	await engine.load(await requestFor(id), { signal: new AbortController().signal });
	return engine;
}

async function ask(
	engine: DeepSeekEngine,
	earlier: readonly ChatMessage[] = [],
	change: Partial<GenerateRequest> = {}
) {
	const question = 'Is all well?';
	const request: GenerateRequest = {
		question,
		messages: [...earlier, { role: 'user', content: question }],
		passages: [],
		maxTokens: 200,
		temperature: 0.2,
		seed: 1,
		...change
	};
	const { signal } = new AbortController();
	const events = await Array.fromAsync(engine.generate(request, { signal }));
	const end = events.at(-1);
	if (end?.type !== 'end') throw new Error('no end');
	return { reasoning: all(events, 'reasoning-delta'), text: all(events, 'text-delta'), end };
}

function all(events: readonly GenerateEvent[], type: 'reasoning-delta' | 'text-delta'): string {
	return events.map((event) => (event.type === type ? event.text : '')).join('');
}

describeModelEngine('DeepSeekEngine on Transformers.js', async () => ({
	engine: new DeepSeekEngine(),
	request: await requestFor('tiny-deepseek')
}));

describe('a model that reasons', () => {
	test('tells what it thinks from what it answers', async () => {
		const { reasoning, text, end } = await ask(await loaded('tiny-deepseek'));
		expect(reasoning.trim()).toBe(thinkerLines.thoughts);
		expect(text).toBe(thinkerLines.answer);
		expect(end.reason).toBe('stop');
	});

	test('is never sent what it thought', async () => {
		const engine = await loaded('tiny-deepseek');
		const { thoughts, answer } = thinkerLines;
		const earlier = (content: string): ChatMessage[] => [
			{ role: 'user', content: 'Hello?' },
			{ role: 'assistant', content }
		];
		const told = await ask(engine, earlier(`<think>\n${thoughts}\n</think>\n\n${answer}`));
		expect(told.text).toBe(answer);
		const { end } = await ask(engine, earlier(answer));
		expect(told.end.usage.promptTokens).toBe(end.usage.promptTokens);
	});

	test('comes to an answer although it would think for ever', async () => {
		const { reasoning, text, end } = await ask(await loaded('tiny-deepseek-endless'));
		expect(reasoning.split(thinkerLines.thoughts).length).toBeGreaterThan(5);
		expect(text).toBe(thinkerLines.answer);
		expect(end.reason).toBe('stop');
		expect(end.usage.completionTokens).toBeLessThan(120);
	});

	test('answers at once when it may not think', async () => {
		const engine = await loaded('tiny-deepseek-endless');
		const { reasoning, text } = await ask(engine, [], { reasoningTokens: 0 });
		expect([reasoning, text]).toEqual(['', thinkerLines.answer]);
	});
});
