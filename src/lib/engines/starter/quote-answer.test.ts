import { describe, expect, test } from 'vitest';
import type { GroundingPassage } from '../../core/generation.ts';
import { quoteAnswer } from './quote-answer.ts';
import { selectSentences } from './select-sentences.ts';

const passages: readonly GroundingPassage[] = [
	{
		n: 1,
		title: 'Terms',
		text: 'Thank you for your order. The warranty covers defects for two years. Batteries are excluded.'
	},
	{
		n: 2,
		title: 'Returns',
		text: 'Returned goods are refunded within fourteen days. Shipping costs are not refunded.'
	},
	{
		n: 3,
		title: 'Garden',
		text: 'Prune roses in early spring. Water them sparingly. Roses like sun.'
	}
];

function answer(question: string, given = passages): string {
	return quoteAnswer({
		question,
		messages: [
			{ role: 'system', content: 'Answer about zebras.' },
			{ role: 'user', content: 'Tell me about batteries.' },
			{ role: 'assistant', content: 'Batteries are excluded. [1]' },
			{ role: 'user', content: `Passages: zebras and batteries.\n\nQuestion: ${question}` }
		],
		passages: given,
		maxTokens: 500,
		temperature: 0,
		seed: null
	});
}

describe('selectSentences', () => {
	test('takes the sentence that shares the rare words of the question, in any form', () => {
		expect(selectSentences('How long do warranties cover a defect?', passages)[0]).toEqual({
			n: 1,
			text: 'The warranty covers defects for two years.'
		});
	});

	test('answers a question about two things from two passages, in reading order', () => {
		const quotes = selectSentences('pruning roses, and refunds of returned goods', passages);
		expect(quotes.map(({ n }) => n)).toEqual(quotes.map(({ n }) => n).sort());
		expect(quotes.map(({ text }) => text)).toEqual(
			expect.arrayContaining([
				'Returned goods are refunded within fourteen days.',
				'Prune roses in early spring.'
			])
		);
	});

	test('never takes more than four', () => {
		const text = ['Red', 'White', 'Wild', 'Old', 'Tall', 'Dwarf']
			.map((kind) => `${kind} roses bloom where others of their ${kind} sort fail.`)
			.join(' ');
		expect(selectSentences('roses', [{ n: 1, title: '', text }])).toHaveLength(4);
	});

	test('does not say the same thing twice', () => {
		const [terms] = passages;
		const copies = [1, 2, 3].map((n) => ({ ...terms!, n }));
		const texts = selectSentences('warranty of defects', copies).map(({ text }) => text);
		expect(texts).toEqual(['The warranty covers defects for two years.']);
	});

	test('knows what a passage is about from its title as well', () => {
		const quotes = selectSentences('garden', passages);
		expect(new Set(quotes.map(({ n }) => n))).toEqual(new Set([3]));
	});

	test.each(['Who discovered penicillin?', 'hello', 'zebra', '', 'What is it?'])(
		'finds nothing for %j',
		(question) => {
			expect(selectSentences(question, passages)).toEqual([]);
		}
	);

	test('bears a question that is longer than all passages', () => {
		const question = `${'Please think about it carefully. '.repeat(200)} Are batteries covered?`;
		expect(selectSentences(question, passages)[0]?.n).toBe(1);
	});
});

describe('quoteAnswer', () => {
	test('quotes word for word, each sentence with its mark', () => {
		expect(answer('Which warranty is there for defects?')).toBe(
			'From your documents:\n\nThe warranty covers defects for two years. [1]'
		);
	});

	test('gives each passage a paragraph of its own', () => {
		const paragraphs = answer('pruning roses, and refunds of returned goods').split('\n\n');
		expect(paragraphs[0]).toBe('From your documents:');
		expect(paragraphs.slice(1).every((text) => /\[\d\]$/.test(text))).toBe(true);
		expect(paragraphs.length).toBeGreaterThan(2);
	});

	test('answers the last question, not the one before', () => {
		expect(answer('When are roses pruned?')).not.toContain('Batteries');
	});

	test('says plainly that it found nothing, and what to do', () => {
		const text = answer('Who discovered penicillin?');
		expect(text).toContain('I found nothing in your documents about this.');
		expect(text).toContain('Core Engines');
		expect(text).not.toMatch(/\[\d\]/);
	});

	test('takes a greeting with a question in it for a question', () => {
		expect(answer('Hi, what does the warranty cover?')).toContain('covers defects');
	});

	test('says the same when there are no passages at all', () => {
		expect(answer('What about the warranty?', [])).toContain('I found nothing');
	});

	test.each(['Hello!', 'hi', 'Thank you', 'thanks a lot for your help!', 'Guten Tag', 'Why?', ''])(
		'answers %j with what it can do, not with quotes',
		(text) => {
			expect(answer(text)).toMatch(/^I quote sentences from your documents/);
		}
	);
});
