import { describe, expect, test } from 'vitest';
import type { DocumentId, Sha256 } from '../core/ids.ts';
import type { TextPlace } from '../knowledge/knowledge-api.ts';
import { comparePastQuestion } from './compare-past-questions.ts';
import { Counterparts } from './counterparts.ts';

const hash = (name: string): Sha256 => name as Sha256;
const hashes = (names: string): Sha256[] => Array.from(names, hash);
const same = new Counterparts(new Map(hashes('abcde').map((each) => [each, new Set([each])])));

function place(name: string, text = `Text of ${name}.`): TextPlace {
	return {
		...{ textHash: hash(name), documentId: 'd' as DocumentId, documentName: 'bees.md' },
		...{ ordinal: 0, headings: ['Hive'], page: null, text }
	};
}

function compared(old: string, next: string, cited: readonly string[] = [], texts = place) {
	return comparePastQuestion({
		asked: { question: 'Why?', cited },
		old: { found: hashes(old), ms: 1 },
		new: { found: hashes(next), ms: 1 },
		oldPlaces: Array.from(old, (name) => texts(name)),
		newPlaces: Array.from(next, (name) => texts(name)),
		same
	});
}

describe('comparePastQuestion', () => {
	test('says how much of what was found is found again', () => {
		expect(compared('abcd', 'abxy')).toMatchObject({ question: 'Why?', overlapAt10: 0.5 });
	});

	test('counts cited passages that the new index does not find any more', () => {
		const cited = ['Text of a.', 'Text of b.'];
		expect(compared('abc', 'bcx', cited)).toMatchObject({ cited: 2, moved: 1 });
	});

	test('leaves out what was cited and is not found by the old index either', () => {
		expect(compared('bc', 'xy', ['Text of a.'])).toMatchObject({ cited: 0, moved: 0 });
	});

	test('shows the first three passages of both, with their documents, best first', () => {
		const { old, new: next } = compared('abcd', 'de');
		expect(old.map(({ excerpt }) => excerpt)).toEqual(['Text of a.', 'Text of b.', 'Text of c.']);
		expect(next[0]).toEqual({
			documentName: 'bees.md',
			headings: ['Hive'],
			excerpt: 'Text of d.'
		});
	});

	test('shortens long passages between two words', () => {
		const { old } = compared('a', '', [], (name) => place(name, 'ten\nletters '.repeat(40)));
		expect(old[0]?.excerpt).toMatch(/^(ten letters )+ten…$|^(ten letters )*ten letters…$/);
		expect(old[0]?.excerpt.length).toBeLessThanOrEqual(201);
	});
});
