import { beforeEach, describe, expect, test } from 'vitest';
import type { DocumentId, Sha256 } from '../core/ids.ts';
import { KeywordIndex } from './keyword-index.ts';
import type { ChunkRow } from './knowledge-records.ts';

const chunks = (id: string, texts: readonly string[], headings: string[] = []): ChunkRow[] =>
	texts.map((text, ordinal) => ({
		documentId: id as DocumentId,
		ordinal,
		textHash: `${id}-${ordinal}` as Sha256,
		text,
		headings,
		page: null
	}));

describe('keyword search', () => {
	let index: KeywordIndex;
	const find = (query: string): string[] => index.search(query, 10).map((hit) => hit.textHash);

	beforeEach(async () => {
		index = new KeywordIndex(() => Promise.resolve());
		await index.add(
			'birds' as DocumentId,
			chunks('birds', [
				'The owl hunts mice at night.',
				'The owl, the owl and the eagle owl.',
				'Sparrows.'
			])
		);
		await index.add('tea' as DocumentId, chunks('tea', ['Steep it for two minutes.'], ['Sencha']));
	});

	test('puts the passage that says it more and shorter first', () => {
		expect(find('owl')).toEqual(['birds-1', 'birds-0']);
	});

	test('counts rare words more than common ones', () => {
		expect(find('the owl mice')[0]).toBe('birds-0');
	});

	test('finds by heading', () => {
		expect(find('sencha')).toEqual(['tea-0']);
	});

	test('folds case and diacritics', async () => {
		await index.add('menu' as DocumentId, chunks('menu', ['Crème brûlée à la maison']));
		expect(find('CREME Brulee')).toEqual(['menu-0']);
	});

	test('forgives a slip and an unfinished word', () => {
		expect(find('minites')).toEqual(['tea-0']);
		expect(find('sparr')).toEqual(['birds-2']);
	});

	test('says where a hit stands, with its score', () => {
		const [hit] = index.search('sparrows', 10);
		expect(hit).toMatchObject({ documentId: 'birds', ordinal: 2, textHash: 'birds-2' });
		expect(hit?.score).toBeGreaterThan(0);
	});

	test('finds nothing for marks, nothing, or unknown words', () => {
		expect(find('')).toEqual([]);
		expect(find('?! ---')).toEqual([]);
		expect(find('quasar')).toEqual([]);
		expect(index.search('owl', 0)).toEqual([]);
	});

	test('answers a question as long as a page by its longest words', () => {
		const filler = Array.from({ length: 300 }, (_, number) => `w${number}`).join(' ');
		expect(find(`${filler} sparrows`)).toEqual(['birds-2']);
	});

	test('forgets a document at once, and takes it in again', async () => {
		index.remove('birds' as DocumentId);
		expect(find('owl')).toEqual([]);
		await index.add('birds' as DocumentId, chunks('birds', ['An owl.']));
		expect(find('owl')).toEqual(['birds-0']);
	});

	test('pauses in long documents', async () => {
		let pauses = 0;
		const patient = new KeywordIndex(async () => {
			pauses++;
		});
		await patient.add('long' as DocumentId, chunks('long', Array<string>(1000).fill('word')));
		expect(pauses).toBeGreaterThanOrEqual(9);
		expect(patient.search('word', 2000)).toHaveLength(1000);
	});
});
