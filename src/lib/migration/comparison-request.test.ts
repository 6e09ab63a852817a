import { describe, expect, test } from 'vitest';
import type { GroundingPassage } from '../core/generation.ts';
import { comparisonRequest } from './comparison-request.ts';

const passages: GroundingPassage[] = Array.from({ length: 6 }, (_, at) => ({
	...{ n: at + 1, title: `d${at}.md` },
	text: `Passage ${at}. ${'word '.repeat(100)}`
}));
const roomy = { contextTokens: 8192 };

describe('comparisonRequest', () => {
	test('asks as a chat does, with the passages, always in the same way', () => {
		const request = comparisonRequest(roomy, 'Why?', passages);
		expect(request).toMatchObject({ question: 'Why?', passages, temperature: 0, seed: 1 });
		expect(request.messages.map(({ role }) => role)).toEqual(['system', 'user']);
		expect(request.messages[1]?.content).toContain('[6] d5.md\nPassage 5.');
		expect(request.messages[1]?.content).toMatch(/Question: Why\?$/);
	});

	test('leaves the weakest passages out where the model cannot read them all', () => {
		const request = comparisonRequest({ contextTokens: 900 }, 'Why?', passages);
		expect(request.passages.length).toBeGreaterThan(0);
		expect(request.passages).toEqual(passages.slice(0, request.passages.length));
		expect(request.passages.length).toBeLessThan(6);
		expect(request.messages[1]?.content).not.toContain('Passage 5.');
	});

	test('asks all the same where no passage fits', () => {
		const request = comparisonRequest({ contextTokens: 100 }, 'Why?', passages);
		expect(request.passages).toEqual([]);
		expect(request.messages[1]?.content).toContain('None was found.');
	});

	test('gives models that reason tokens for that on top of those for the answer', () => {
		const plain = comparisonRequest(roomy, 'Why?', []);
		const reasoning = { open: '<think>', close: '</think>', opened: false };
		const reasons = comparisonRequest({ ...roomy, reasoning }, 'Why?', []);
		expect(plain.reasoningTokens).toBeUndefined();
		expect(reasons.maxTokens - reasons.reasoningTokens!).toBe(plain.maxTokens);
	});
});
