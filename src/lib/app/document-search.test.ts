import { expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import type { DocumentId, IndexId, Sha256 } from '../core/ids.ts';
import type { SearchHit, SearchRequest } from '../knowledge/knowledge-api.ts';
import { DocumentSearch, type EmbeddedQuery } from './document-search.ts';

const index = 'index' as IndexId;
const signal = new AbortController().signal;
const hit: SearchHit = {
	chunk: {
		documentId: 'doc' as DocumentId,
		ordinal: 3,
		textHash: 'hash' as Sha256,
		text: 'Bees fly at fourteen degrees.',
		headings: ['Spring'],
		page: 2
	},
	documentName: 'bees.md',
	score: 0.5,
	cosine: 0.4,
	keyword: 2
};

function searching(embedQuery: () => Promise<EmbeddedQuery>) {
	const requests: SearchRequest[] = [];
	const search = new DocumentSearch({
		knowledge: {
			search: async (request) => {
				requests.push(request);
				return [hit];
			}
		},
		embedQuery,
		indexInUse: async () => index
	});
	return { search, requests };
}

test('searches with the vector that the engine of the index makes', async () => {
	const vector = new Float32Array([1, 0]);
	const { search, requests } = searching(async () => ({ vector, index }));
	const outcome = await search.search('bees', 5, signal);
	expect(requests).toEqual([{ text: 'bees', vector, indexId: index, limit: 5 }]);
	expect(outcome).toEqual({ hits: [hit], index, degraded: null });
});

test('goes on with the keywords of the chunks in use when the engine fails, and says so', async () => {
	const { search, requests } = searching(async () => {
		throw new AppError('engine/device-lost');
	});
	const outcome = await search.search('bees', 5, signal);
	expect(requests).toEqual([{ text: 'bees', vector: null, indexId: index, limit: 5 }]);
	expect(outcome.index).toBeNull();
	expect(outcome.degraded?.code).toBe('engine/device-lost');
});

test('does not search when the question was cancelled', async () => {
	const { search, requests } = searching(async () => {
		throw new AppError('cancelled');
	});
	await expect(search.search('bees', 5, signal)).rejects.toMatchObject({ code: 'cancelled' });
	expect(requests).toEqual([]);
});

test('gives a chat the passages without their scores', async () => {
	const { search } = searching(async () => ({ vector: new Float32Array([1]), index }));
	expect(await search.find('bees', 5, signal)).toEqual({
		index,
		passages: [
			{
				documentId: 'doc',
				ordinal: 3,
				documentName: 'bees.md',
				headings: ['Spring'],
				page: 2,
				text: 'Bees fly at fourteen degrees.'
			}
		]
	});
});
