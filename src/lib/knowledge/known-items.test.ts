import { describe, expect, test } from 'vitest';
import type { Sha256 } from '../core/ids.ts';
import type { EmbeddableText } from './knowledge-api.ts';
import { makeKnownItems } from './known-items.ts';
import { tokenize } from './tokenize.ts';

const texts: EmbeddableText[] = [
	'The green tea from Uji is steamed, not roasted. The farmers pick it in May.',
	'The volcano Etna erupted again. The ash closed the airport of Catania for a day.',
	'The violin was built in Cremona. The varnish is the secret of the workshop.',
	'The bridge over the Firth is painted red. The painters never finish the work.'
].map((text, index) => ({ text, textHash: `hash-${index}` as Sha256 }));

const textOf = (textHash: Sha256): string =>
	texts.find((text) => text.textHash === textHash)?.text ?? '';

describe('questions made from passages', () => {
	test('consist of words of their passage, in the order of the text', () => {
		for (const { query, textHash } of makeKnownItems(texts, 4, 1)) {
			const places = query.split(' ').map((word) => textOf(textHash).indexOf(word));
			expect(places).not.toContain(-1);
			expect(places).toEqual(places.toSorted((a, b) => a - b));
		}
	});

	test('use words that tell passages apart, not those that all share', () => {
		for (const { query } of makeKnownItems(texts, 4, 2)) {
			expect(tokenize(query).map((token) => token.term)).not.toContain('the');
			expect(tokenize(query).length).toBeGreaterThanOrEqual(3);
		}
	});

	test('never copy a whole sentence', () => {
		const short: EmbeddableText[] = [
			{ text: 'Zebras gallop. The of in at.', textHash: 'a' as Sha256 },
			{ text: 'The of in at it.', textHash: 'b' as Sha256 }
		];
		for (let seed = 0; seed < 20; seed++) {
			const queries = makeKnownItems(short, 2, seed).map((item) => item.query);
			expect(queries).not.toContain('Zebras gallop');
		}
	});

	test('are the same for the same seed, others for another', () => {
		expect(makeKnownItems(texts, 3, 7)).toEqual(makeKnownItems(texts, 3, 7));
		const orders = [1, 2, 3, 4, 5].map((seed) => JSON.stringify(makeKnownItems(texts, 4, seed)));
		expect(new Set(orders).size).toBeGreaterThan(1);
	});

	test('are one per passage, and no more than there are passages', () => {
		expect(new Set(makeKnownItems(texts, 100, 3).map((item) => item.textHash)).size).toBe(4);
		expect(makeKnownItems(texts, 2, 3)).toHaveLength(2);
	});

	test('are not made from passages without words', () => {
		const bare: EmbeddableText[] = [
			{ text: '--- ***', textHash: 'a' as Sha256 },
			{ text: 'Hello', textHash: 'b' as Sha256 }
		];
		expect(makeKnownItems(bare, 5, 1)).toEqual([]);
		expect(makeKnownItems([], 5, 1)).toEqual([]);
	});
});
