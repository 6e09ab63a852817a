import { describe, expect, test } from 'vitest';
import type { MessageRow, Provenance } from '../../chat/chat-records.ts';
import type { Usage } from '../../core/generation.ts';
import type { AdapterId, ConversationId, MessageId } from '../../core/ids.ts';
import { scriptedChoice } from '../../testing/setup-with.ts';
import { answerFacts, answerMarks, droppedTurnsMark } from './answer-facts.ts';

const usage: Usage = {
	...{ promptTokens: 1200, completionTokens: 101, cachedTokens: 1000 },
	...{ firstTokenMs: 1500, totalMs: 6500 }
};

function answer(provenance: Partial<Provenance> | null): MessageRow {
	return {
		...{ id: 'm' as MessageId, conversationId: 'c' as ConversationId, position: 1 },
		...{ role: 'assistant', text: 'So.', at: 0, state: 'complete', error: null, citations: [] },
		provenance: provenance && {
			...{ engine: scriptedChoice('7'), extractive: false, index: null, usage: null },
			...provenance
		}
	};
}

const factsOf = (message: MessageRow): Record<string, string> =>
	Object.fromEntries(
		answerFacts(message, (kind) => `The ${kind} engine`).map(({ label, value }) => [label, value])
	);

describe('the facts of an answer', () => {
	test('name engine, place, speed and tokens', () => {
		expect(factsOf(answer({ device: 'webgpu', usage }))).toEqual({
			Model: 'Scripted 7',
			Revision: '7',
			Engine: 'The scripted engine',
			Computed: 'on the GPU (WebGPU)',
			'First token': 'after 1.5 s',
			Speed: '20 tokens/s',
			Prompt: '1,200 tokens, 1,000 of them still known',
			Answer: '101 tokens',
			When: new Date(0).toLocaleString()
		});
	});

	test('leave out what nobody knows', () => {
		expect(Object.keys(factsOf(answer({})))).toEqual(['Model', 'Revision', 'Engine', 'When']);
		expect(factsOf(answer(null))).toEqual({});
		const short = { ...usage, completionTokens: 1, cachedTokens: 0, firstTokenMs: 42 };
		expect(factsOf(answer({ usage: short }))).toMatchObject({
			'First token': 'after 42 ms',
			Prompt: '1,200 tokens',
			Answer: '1 token'
		});
		expect(factsOf(answer({ usage: short }))).not.toHaveProperty('Speed');
	});

	test('name the adapters with their strengths', () => {
		const style = { id: 'a' as AdapterId, name: 'My style', strength: 1 };
		const law = { id: 'b' as AdapterId, name: 'My law', strength: 0.55 };
		expect(factsOf(answer({ adapters: [style] }))).toMatchObject({ Adapter: 'My style (1.0)' });
		expect(factsOf(answer({ adapters: [style, law] }))).toMatchObject({
			Adapters: 'My style (1.0), My law (0.55)'
		});
	});

	test('speak of no speed where nothing was written', () => {
		expect(factsOf(answer({ usage, extractive: true }))).not.toHaveProperty('Speed');
	});

	test('tell a slow engine from one that is still slower', () => {
		const slow = { ...usage, completionTokens: 8, totalMs: 61_500 };
		expect(factsOf(answer({ usage: slow })).Speed).toBe('0.1 tokens/s');
	});
});

describe('what must be seen', () => {
	test('is nothing where all went well', () => {
		expect(answerMarks(answer({ device: 'wasm', end: 'stop' }))).toEqual([]);
		expect(answerMarks(answer(null))).toEqual([]);
	});

	test('is that a question left this device', () => {
		expect(answerMarks(answer({ device: 'remote' }))).toEqual([
			'This answer was written by Scripted 7: the question and its passages left this device.'
		]);
	});

	test('is what went wrong, and that the answer was cut', () => {
		expect(answerMarks(answer({ mishaps: ['It fell.', 'It rose.'], end: 'length' }))).toEqual([
			...['It fell.', 'It rose.', 'Stopped at the limit of its length.']
		]);
	});
});

describe('questions that were left out', () => {
	test('are told above the first answer without them', () => {
		expect(droppedTurnsMark(answer({ droppedTurns: 3 }), [answer({})])).toBe(
			'The oldest 3 questions of this chat no longer fit this engine and were left out.'
		);
		expect(droppedTurnsMark(answer({ droppedTurns: 1 }), [])).toBe(
			'The oldest question of this chat no longer fits this engine and was left out.'
		);
	});

	test('are told again when there are more, and not with each answer', () => {
		const earlier = [answer({ droppedTurns: 3 }), answer(null)];
		expect(droppedTurnsMark(answer({ droppedTurns: 3 }), earlier)).toBeNull();
		expect(droppedTurnsMark(answer({ droppedTurns: 5 }), earlier)).toContain('oldest 5');
		expect(droppedTurnsMark(answer({}), earlier)).toBeNull();
	});
});
