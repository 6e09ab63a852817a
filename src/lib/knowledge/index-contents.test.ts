import { beforeEach, describe, expect, test } from 'vitest';
import type { DocumentId, Sha256 } from '../core/ids.ts';
import { Corpus } from './corpus.ts';
import { IndexContents } from './index-contents.ts';
import type { DocumentRow } from './knowledge-records.ts';

let corpus: Corpus;
let contents: IndexContents;

beforeEach(() => {
	corpus = new Corpus();
	contents = new IndexContents(corpus);
});

function addDocument(id: string, addedAt: number, ...texts: string[]): void {
	const documentId = id as DocumentId;
	corpus.add(
		{ id: documentId, addedAt } as DocumentRow,
		texts.map((text, ordinal) => ({
			...{ documentId, ordinal, textHash: text as Sha256 },
			...{ text, headings: [], page: null }
		}))
	);
}

/** The missing texts by their places: `document 0`. */
const missing = (limit = 99): string[] =>
	contents.missing(limit).map(({ documentId, ordinal }) => `${documentId} ${ordinal}`);
const add = (...texts: string[]): void =>
	texts.forEach((text) => contents.add(text as Sha256, false));

describe('what is missing', () => {
	test('comes in document order, each text once, at most so many', () => {
		addDocument('b', 2, 'x', 'shared', 'y');
		addDocument('a', 1, 'shared', 'z', 'z');
		expect(missing()).toEqual(['a 0', 'a 1', 'b 0', 'b 2']);
		expect(missing(2)).toEqual(['a 0', 'a 1']);
		expect(missing(0)).toEqual([]);
	});

	test('is what has no vector, wherever that stands', () => {
		addDocument('a', 1, 'p', 'q', 'r', 's');
		add('p', 'r');
		expect(missing()).toEqual(['a 1', 'a 3']);
		add('q');
		expect(missing()).toEqual(['a 3']);
		add('s');
		expect(missing()).toEqual([]);
	});

	test('follows documents that come and go', () => {
		addDocument('b', 2, 'p', 'q');
		add('p', 'q');
		expect(missing()).toEqual([]);
		addDocument('a', 1, 'new', 'p');
		expect(missing()).toEqual(['a 0']);
		corpus.remove('a' as DocumentId);
		expect(missing()).toEqual([]);
		addDocument('a', 3, 'newer');
		expect(missing()).toEqual(['a 0']);
	});

	test('is found again in a document that comes back under its old id with other texts', () => {
		addDocument('a', 1, 'p', 'q');
		add('p', 'q');
		expect(missing()).toEqual([]);
		corpus.remove('a' as DocumentId);
		addDocument('a', 1, 'other', 'q');
		expect(missing()).toEqual(['a 0']);
	});

	test('is asked of each place a few times at most, however often somebody asks', () => {
		const texts = Array.from({ length: 2000 }, (_, at) => `text ${at}`);
		addDocument('a', 1, ...texts);
		let asked = 0;
		const { textHashes } = corpus.entries[0]!;
		const watched = new Proxy(textHashes, {
			get: (target, name, receiver): unknown => {
				if (typeof name === 'string' && /^\d+$/.test(name)) asked++;
				return Reflect.get(target, name, receiver);
			}
		});
		Object.assign(corpus.entries[0]!, { textHashes: watched });
		for (let places = contents.missing(10); places.length > 0; places = contents.missing(10))
			for (const { ordinal } of places) add(texts[ordinal]!);
		expect(contents.size).toBe(2000);
		expect(asked).toBeLessThan(5 * 2000);
	});
});

describe('the counts', () => {
	test('are of texts that some chunk has', () => {
		addDocument('a', 1, 'p', 'q');
		addDocument('b', 2, 'q', 'r');
		contents.add('p' as Sha256, true);
		contents.add('q' as Sha256, false);
		contents.add('of no chunk' as Sha256, true);
		expect(contents.counts()).toEqual({ embedded: 2, truncated: 1 });
		corpus.remove('a' as DocumentId);
		expect(contents.counts()).toEqual({ embedded: 1, truncated: 0 });
		addDocument('c', 3, 'p', 'of no chunk');
		expect(contents.counts()).toEqual({ embedded: 3, truncated: 2 });
	});

	test('go on from where they are while vectors come', () => {
		addDocument('a', 1, 'p', 'q', 'r');
		expect(contents.counts()).toEqual({ embedded: 0, truncated: 0 });
		contents.add('p' as Sha256, false);
		contents.add('q' as Sha256, true);
		contents.add('of no chunk' as Sha256, true);
		expect(contents.counts()).toEqual({ embedded: 2, truncated: 1 });
	});
});
