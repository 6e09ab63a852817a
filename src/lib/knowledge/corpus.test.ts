import { describe, expect, test } from 'vitest';
import type { DocumentId, Sha256 } from '../core/ids.ts';
import { Corpus } from './corpus.ts';
import type { ChunkRow, DocumentRow } from './knowledge-records.ts';

const document = (id: string, addedAt: number): DocumentRow => ({
	id: id as DocumentId,
	name: `${id}.md`,
	kind: 'markdown',
	bytes: 1,
	contentHash: id as Sha256,
	addedAt,
	state: 'ready',
	error: null,
	chunkCount: 1,
	pages: null
});
const chunks = (id: string, ...texts: string[]): ChunkRow[] =>
	texts.map((text, ordinal) => ({
		documentId: id as DocumentId,
		ordinal,
		textHash: text as Sha256,
		text,
		headings: [],
		page: null
	}));

function corpusOfTwo(): Corpus {
	const corpus = new Corpus();
	corpus.add(document('b', 1), chunks('b', 'shared', 'own'));
	corpus.add(document('a', 2), chunks('a', 'new', 'shared', 'new'));
	return corpus;
}

describe('the corpus', () => {
	test('tells which texts came with a document', () => {
		const corpus = new Corpus();
		expect(corpus.add(document('b', 1), chunks('b', 'shared', 'own'))).toEqual(['shared', 'own']);
		expect(corpus.add(document('a', 2), chunks('a', 'new', 'shared', 'new'))).toEqual(['new']);
		expect(corpus.size).toBe(3);
	});

	test('tells which texts went with a document', () => {
		const corpus = corpusOfTwo();
		expect(corpus.remove('b' as DocumentId)).toEqual(['own']);
		expect(corpus.has('shared' as Sha256)).toBe(true);
		expect(corpus.remove('a' as DocumentId).sort()).toEqual(['new', 'shared']);
		expect(corpus.size).toBe(0);
	});

	test('finds the place of a text, and another one when that is gone', () => {
		const corpus = corpusOfTwo();
		expect(corpus.placeOf('shared' as Sha256)).toEqual({ documentId: 'b', ordinal: 0 });
		corpus.remove('b' as DocumentId);
		expect(corpus.placeOf('shared' as Sha256)).toEqual({ documentId: 'a', ordinal: 1 });
		expect(corpus.placeOf('own' as Sha256)).toBeUndefined();
	});

	test('lists each text once, in the order in which documents were added', () => {
		const corpus = new Corpus();
		corpus.add(document('later', 9), chunks('later', 'x', 'shared'));
		corpus.add(document('first', 1), chunks('first', 'shared', 'y'));
		expect([...corpus.texts()].map((text) => text.textHash)).toEqual(['shared', 'y', 'x']);
	});

	test('has its documents in the order in which they were added, whenever it heard of them', () => {
		const corpus = new Corpus();
		for (const [id, addedAt] of [
			['c', 5],
			['a', 9],
			['b', 5],
			['first', 1]
		] as const)
			corpus.add(document(id, addedAt), chunks(id, id));
		const names = (): string[] => corpus.entries.map((entry) => entry.document.id);
		expect(names()).toEqual(['first', 'b', 'c', 'a']);
		corpus.remove('b' as DocumentId);
		expect(names()).toEqual(['first', 'c', 'a']);
	});

	test('tells all places of a text', () => {
		expect(corpusOfTwo().placesOf('shared' as Sha256)).toEqual([
			{ documentId: 'b', ordinal: 0 },
			{ documentId: 'a', ordinal: 1 }
		]);
		expect(corpusOfTwo().placesOf('none' as Sha256)).toEqual([]);
	});

	test('has a hash of its own for each of its texts', () => {
		const corpus = corpusOfTwo();
		expect(corpus.own('shared' as Sha256)).toBe('shared');
		expect(corpus.own('none' as Sha256)).toBe('none');
	});

	test('removing what is not there changes nothing', () => {
		const corpus = corpusOfTwo();
		const { version } = corpus;
		expect(corpus.remove('c' as DocumentId)).toEqual([]);
		expect(corpus.size).toBe(3);
		expect(corpus.version).toBe(version);
		corpus.remove('a' as DocumentId);
		expect(corpus.version).not.toBe(version);
	});
});
