import { expect, onTestFinished, test } from 'vitest';
import { thinkerLines } from '../../../../tests/fixtures/tiny-models/thinker-script.ts';
import { tinyModel, tinySpec } from '../../../../tests/fixtures/tiny-models/tiny-models.ts';
import type { GenerateEvent, GenerateRequest } from '../../core/generation.ts';
import { memoryModelFiles } from '../../testing/memory-model-files.ts';
import { TransformersEngine } from './transformers-engine.ts';

const { signal } = new AbortController();
const question: GenerateRequest = {
	question: 'Is all well?',
	messages: [{ role: 'user', content: 'Is all well?' }],
	passages: [],
	maxTokens: 60,
	temperature: 0,
	seed: 1
};

async function ask(id: string, change: Partial<GenerateRequest> = {}) {
	const engine = new TransformersEngine();
	onTestFinished(() => engine.unload());
	const model = tinyModel(id);
	const files = model.build();
	const spec = await tinySpec(model, files);
	await engine.load({ spec, files: memoryModelFiles(files), device: 'wasm' }, { signal });
	const events = await Array.fromAsync(engine.generate({ ...question, ...change }, { signal }));
	return {
		reasoning: all(events, 'reasoning-delta').trim(),
		text: all(events, 'text-delta'),
		end: events.at(-1)
	};
}

function all(events: readonly GenerateEvent[], type: 'reasoning-delta' | 'text-delta'): string {
	return events.map((event) => (event.type === type ? event.text : '')).join('');
}

test.each(['tiny-thinker', 'tiny-thinker-spelling'])(
	'%s: what the model thinks is told apart, and its marks are nowhere',
	async (id) => {
		const { reasoning, text, end } = await ask(id);
		expect(reasoning).toBe(thinkerLines.thoughts);
		expect(text).toBe(thinkerLines.answer);
		expect(end).toMatchObject({ type: 'end', reason: 'stop' });
	}
);

test.each(['tiny-thinker', 'tiny-thinker-spelling'])(
	'%s: a budget that suffices changes nothing',
	async (id) => {
		const { reasoning, text } = await ask(id, { reasoningTokens: 20 });
		expect([reasoning, text]).toEqual([thinkerLines.thoughts, thinkerLines.answer]);
	}
);

test.each(['tiny-thinker', 'tiny-thinker-spelling'])(
	'%s: a budget cuts the reasoning short, and an answer follows',
	async (id) => {
		const { reasoning, text } = await ask(id, { reasoningTokens: 3 });
		expect(thinkerLines.thoughts.startsWith(reasoning)).toBe(true);
		expect(reasoning.split(' ')).toHaveLength(3);
		expect(text).toBe(thinkerLines.answer);
	}
);

test('a model that thinks for ever is cut off in its reasoning, and has no answer', async () => {
	const { reasoning, text, end } = await ask('tiny-thinker-endless');
	expect(reasoning.split(thinkerLines.thoughts).length).toBeGreaterThan(5);
	expect(text).toBe('');
	expect(end).toMatchObject({ reason: 'length' });
});

test('with a budget, even that one answers', async () => {
	const { text, end } = await ask('tiny-thinker-endless', { reasoningTokens: 30 });
	expect(text).toBe(thinkerLines.answer);
	expect(end).toMatchObject({ reason: 'stop' });
});
