import { describe, expect, test } from 'vitest';
import { splitSentences } from './split-sentences.ts';

describe('splitSentences', () => {
	test('splits a paragraph at the ends of its sentences', () => {
		expect(splitSentences('It rains. Does it? It does! Well …')).toEqual([
			'It rains.',
			'Does it?',
			'It does!',
			'Well …'
		]);
	});

	test('does not stop at abbreviations and numbers', () => {
		expect(splitSentences('Dr. J. Smith paid 3.50 euros, e.g. Monday. We did not.')).toEqual([
			'Dr. J. Smith paid 3.50 euros, e.g. Monday.',
			'We did not.'
		]);
	});

	test('joins the lines of a paragraph', () => {
		expect(splitSentences('The warranty\ncovers  two\r\nyears.')).toEqual([
			'The warranty covers two years.'
		]);
	});

	test('takes each paragraph, heading and list item by itself, without its mark', () => {
		const text = '# Terms\nNo refunds\n\nKeep the box\n- apples\n* pears\n2. plums';
		expect(splitSentences(text)).toEqual([
			'Terms',
			'No refunds',
			'Keep the box',
			'apples',
			'pears',
			'2. plums'
		]);
	});

	test('leaves out pieces without a letter', () => {
		expect(splitSentences('---\n\n12 34\n\nYes.')).toEqual(['Yes.']);
	});

	test('cuts what has no end at a space and shows that it did', () => {
		const [sentence = ''] = splitSentences('column '.repeat(100));
		expect(sentence.length).toBeLessThanOrEqual(402);
		expect(sentence).toMatch(/column …$/);
	});

	test('knows the full stops of other scripts', () => {
		expect(splitSentences('これは本です。あれは山です。')).toHaveLength(2);
	});

	test('finds nothing in nothing', () => {
		expect(splitSentences('')).toEqual([]);
	});
});
