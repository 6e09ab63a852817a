import { describe, expect, test } from 'vitest';
import { hashText } from '../../core/text-hash.ts';
import { embedder1 } from './embedder-1.ts';
import { embedder2 } from './embedder-2.ts';
import { FeatureBag } from './feature-bag.ts';

function similarity(embed: (text: string) => Float32Array, a: string, b: string): number {
	const other = embed(b);
	return embed(a).reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);
}

/** Numbers rounded, so that the last bit of a logarithm does not matter. */
function fingerprint(vector: Float32Array): Promise<string> {
	return hashText(Array.from(vector, (value) => value.toFixed(4)).join(' '));
}

for (const [name, embedder] of Object.entries({ embedder1, embedder2 })) {
	describe(name, () => {
		const embed = (text: string) => embedder.embed(text);

		test.each(['warranty', 'the of and', '', ' ', '?!', '東京', 'x'.repeat(5000), '👍'])(
			'makes a finite vector of length 1 of %.20j',
			(text) => {
				const vector = embed(text);
				expect(vector).toHaveLength(embedder.dims);
				expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
			}
		);

		test('all texts without a word share one vector', () => {
			expect(embed('')).toEqual(embed(' …\n'));
			expect(embed('')[0]).toBe(1);
		});

		test('does not care about upper and lower case', () => {
			expect(embed('The WARRANTY')).toEqual(embed('the warranty'));
		});

		test('finds texts on one subject nearer than others', () => {
			const question = 'journal of the database';
			const near = similarity(embed, question, 'The database writes a journal first.');
			const far = similarity(embed, question, 'Prune the roses in early spring.');
			expect(near).toBeGreaterThan(far + 0.2);
		});

		test('is hardly led by the small words of a language', () => {
			const same = similarity(embed, 'what is it that we do with the rose', 'rose');
			expect(same).toBeGreaterThan(0.8);
		});

		test('hardly minds how often a word is said', () => {
			expect(similarity(embed, 'rose rose rose rose garden', 'rose garden')).toBeGreaterThan(0.8);
		});
	});
}

test('Starter 2 knows word forms, typos, accents and parts of words better than Starter 1', () => {
	for (const [one, other] of [
		['termination', 'terminated'],
		['chocolate', 'choclate'],
		['Überprüfung', 'uberprufung'],
		['Datenbankverbindung', 'Verbindung'],
		['flushJournal', 'journal'],
		['delivery', 'deliverey'],
		['password', 'pasword']
	] as const) {
		const first = similarity((text) => embedder1.embed(text), one, other);
		const second = similarity((text) => embedder2.embed(text), one, other);
		expect(second, `${one} and ${other}`).toBeGreaterThan(first);
	}
});

test('the vectors of a model never change, since people have indexes of it', async () => {
	const text = 'Die Prüfung of flushJournal covers 24 months; covers 東京 too.';
	expect(await fingerprint(embedder1.embed(text))).toMatchInlineSnapshot(
		`"9ab16d74a7d3924bba377a7247d5b36f94974813382bdf34e74a6b5fcd699d06"`
	);
	expect(await fingerprint(embedder2.embed(text))).toMatchInlineSnapshot(
		`"80464a72c8ed181e9da2d3cd12bd4825608f92a4c1c19c9cba39345a37a9831e"`
	);
});

describe('FeatureBag', () => {
	test('weighs a feature that comes again more, but not twice as much', () => {
		const bag = new FeatureBag();
		bag.add('once', 1);
		for (let times = 0; times < 10; times++) bag.add('often', 1);
		const values = [...bag.toVector(4096, 1)].map(Math.abs).filter(Boolean);
		expect(values).toHaveLength(2);
		expect(Math.max(...values) / Math.min(...values)).toBeCloseTo(1 + Math.log(10), 4);
	});

	test('puts each feature into one bucket for each hash', () => {
		const bag = new FeatureBag();
		bag.add('a', 1);
		expect(bag.toVector(4096, 1).filter(Boolean)).toHaveLength(1);
		expect(bag.toVector(4096, 2).filter(Boolean)).toHaveLength(2);
	});

	test('features that cancel out give the first unit vector', () => {
		const bag = new FeatureBag();
		bag.add('a', 1);
		bag.add('b', 0);
		expect([...bag.toVector(1, 1)].map(Math.abs)).toEqual([1]);
		expect([...new FeatureBag().toVector(3, 2)]).toEqual([1, 0, 0]);
	});
});
