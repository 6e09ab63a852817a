import { expect, test } from 'vitest';
import type { GenerateRequest } from '../../core/generation.ts';
import { chatRequest } from './chat-request.ts';

const asked: GenerateRequest = {
	question: 'How long?',
	messages: [
		{ role: 'system', content: 'Be brief.' },
		{ role: 'user', content: 'How long?' }
	],
	passages: [{ n: 1, title: 'Warranty', text: 'Two years.' }],
	maxTokens: 100,
	temperature: 0.2,
	seed: null
};

test('asks for a stream with counts, and for nothing that was not asked for', () => {
	expect(chatRequest('m', asked)).toEqual({
		model: 'm',
		messages: asked.messages,
		temperature: 0.2,
		max_tokens: 100,
		stream: true,
		stream_options: { include_usage: true }
	});
});

test('passes on what was asked for, under its name in the protocol', () => {
	const more = { topP: 0.9, topK: 40, repetitionPenalty: 1.1, seed: 0, stop: ['\n\n'] };
	expect(chatRequest('m', { ...asked, ...more })).toMatchObject({
		...{ top_p: 0.9, top_k: 40, repetition_penalty: 1.1, seed: 0, stop: ['\n\n'] }
	});
});

test('no stop strings are none', () => {
	expect(chatRequest('m', { ...asked, stop: [] })).not.toHaveProperty('stop');
});
