import { describe, expect, test } from 'vitest';
import type { ChatMessage, GenerateRequest } from '../../core/generation.ts';
import { deepSeekRequest } from './deepseek-request.ts';

const format = { open: '<think>', close: '</think>', opened: true };

function sent(request: Partial<GenerateRequest>, contextTokens = 8192): GenerateRequest {
	const question = 'Why?';
	const messages: readonly ChatMessage[] = [{ role: 'user', content: question }];
	const sampling = { temperature: 0.7, seed: 7 };
	return deepSeekRequest(
		{ question, messages, passages: [], maxTokens: 1024, ...sampling, ...request },
		format,
		contextTokens
	);
}

describe('messages', () => {
	test('put the instructions at the beginning of the first question', () => {
		const { messages } = sent({
			messages: [
				{ role: 'system', content: 'Be brief.' },
				{ role: 'user', content: 'One?' },
				{ role: 'assistant', content: 'Yes.' },
				{ role: 'user', content: 'Two?' }
			]
		});
		expect(messages).toEqual([
			{ role: 'user', content: 'Be brief.\n\nOne?' },
			{ role: 'assistant', content: 'Yes.' },
			{ role: 'user', content: 'Two?' }
		]);
	});

	test('lose no instructions, wherever they stand', () => {
		const { messages } = sent({
			messages: [
				{ role: 'assistant', content: 'Hello.' },
				{ role: 'system', content: 'Be brief.' },
				{ role: 'user', content: 'One?' },
				{ role: 'system', content: 'Be kind.' }
			]
		});
		expect(messages).toEqual([
			{ role: 'assistant', content: 'Hello.' },
			{ role: 'user', content: 'Be brief.\n\nBe kind.\n\nOne?' }
		]);
	});

	test('hold no reasoning of earlier answers, and questions as they were asked', () => {
		const asked = 'What is <think>a</think>?';
		const { messages } = sent({
			messages: [
				{ role: 'user', content: asked },
				{ role: 'assistant', content: '<think>\nHm.\n</think>\n\nA tag.' },
				{ role: 'user', content: asked }
			]
		});
		expect(messages.map(({ content }) => content)).toEqual([asked, 'A tag.', asked]);
	});
});

describe('sampling', () => {
	test.each([
		[0.2, 0.6],
		[0.49, 0.6],
		[0.5, 0.5],
		[0.7, 0.7],
		[1.2, 1.2]
	])('turns a temperature of %d into %d', (asked, used) => {
		expect(sent({ temperature: asked }).temperature).toBe(used);
	});

	test('leaves it greedy where that was asked for', () => {
		expect(sent({ temperature: 0 }).temperature).toBe(0);
	});

	test('chooses among what is likely, unless the request says how', () => {
		expect(sent({}).topP).toBe(0.95);
		expect(sent({ topP: 0.5 }).topP).toBe(0.5);
	});

	test('leaves all else as it was', () => {
		const others = { topK: 20, repetitionPenalty: 1.1, stop: ['END'] };
		expect(sent(others)).toMatchObject({ ...others, seed: 7, maxTokens: 1024, question: 'Why?' });
	});
});

describe('the tokens for reasoning', () => {
	test('are half of what may be written', () => {
		expect(sent({ maxTokens: 1001 }).reasoningTokens).toBe(500);
	});

	test('are half of what the model can hold, where that is less', () => {
		expect(sent({ maxTokens: 1000 }, 512).reasoningTokens).toBe(256);
	});

	test('are those of the request, where it says', () => {
		expect(sent({ reasoningTokens: 0 }).reasoningTokens).toBe(0);
		expect(sent({ reasoningTokens: 900 }).reasoningTokens).toBe(900);
	});
});
