import { beforeEach, describe, expect, test } from 'vitest';
import type { DocumentId, IndexId } from '../core/ids.ts';
import type { StoreWrite } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import { fineChunker, indexSpec } from '../testing/index-spec.ts';
import { knowledgeOver, wordVector, wordVectors } from '../testing/knowledge-world.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { chunkerIdOf } from './chunker-id.ts';
import { defaultChunker, indexIdOf } from './index-spec.ts';
import {
	chunkSetStore,
	chunkStore,
	documentTextStore,
	vectorBlockStore
} from './knowledge-records.ts';
import type { KnowledgeService } from './knowledge-service.ts';

const coarse = indexSpec();
const fine = indexSpec('1', 32, fineChunker);
const owls = 'The owl hunts mice at night. '.repeat(5) + 'Its ears are not level. '.repeat(5);
const tea = 'Green tea is steamed after the harvest. '.repeat(10);

let records: MemoryRecordStore;
let clock: ManualClock;
let knowledge: KnowledgeService;
/** Called before each commit. */
let watch: (writes: readonly StoreWrite[]) => void | Promise<void>;

beforeEach(() => {
	watch = () => undefined;
	records = new MemoryRecordStore({ beforeCommit: (writes) => watch(writes) });
	clock = new ManualClock(1_000);
	knowledge = knowledgeOver(records, clock);
});

async function add(name: string, content: string): Promise<DocumentId> {
	clock.jump(1);
	return (await knowledge.importFile(new File([content], name))).id;
}

async function fill(spec = fine): Promise<IndexId> {
	const { id } = await knowledge.createIndex(spec);
	await knowledge.addVectors(id, wordVectors(await knowledge.missingTexts(id, 1000)));
	return id;
}

const fineChunks = () => records.list(chunkSetStore);
const documentsCut = async () => new Set((await fineChunks()).map((chunk) => chunk.documentId));
const texts = async (id: IndexId) =>
	(await knowledge.missingTexts(id, 1000)).map(({ text }) => text.slice(0, 7));

describe('an index of another chunk size', () => {
	test('is made of chunks of its own, and the default ones stay as they are', async () => {
		await add('owls.md', owls);
		await add('tea.txt', tea);
		const before = await records.list(chunkStore);
		const state = await knowledge.createIndex(fine);
		expect(state).toMatchObject({ spec: fine, embedded: 0 });
		expect(state.texts).toBeGreaterThan(before.length);
		expect((await fineChunks()).every(({ text }) => text.length <= fineChunker.size)).toBe(true);
		expect(await records.list(chunkStore)).toEqual(before);
		expect(await knowledge.createIndex(coarse)).toMatchObject({ texts: before.length });
	});

	test('has as many texts as were foretold without storing anything', async () => {
		await add('owls.md', owls);
		await add('tea.txt', tea);
		await add('twice.txt', `${tea}\n\nAnd more.`);
		const { commits } = records;
		const foretold = await knowledge.textsWith(fineChunker);
		expect(records.commits).toBe(commits);
		expect(await knowledge.textsWith(defaultChunker)).toBe(3);
		expect((await knowledge.createIndex(fine)).texts).toBe(foretold);
		expect(await knowledge.textsWith(fineChunker)).toBe(foretold);
	});

	test('is found as it was after a restart', async () => {
		await add('owls.md', owls);
		const id = await fill();
		const state = await knowledge.indexState(id);
		knowledge = knowledgeOver(records, clock);
		expect(await knowledge.indexState(id)).toEqual(state);
		expect(await knowledge.missingTexts(id, 9)).toEqual([]);
		expect(await knowledge.nearest(id, wordVector('ears level'), 1)).toHaveLength(1);
	});

	test('is searched in its own chunks, by vector and by keyword', async () => {
		await add('owls.md', owls);
		const id = await fill();
		const vector = wordVector('ears level');
		const request = { text: 'mice', indexId: id, limit: 9 };
		const hits = await knowledge.search({ ...request, vector });
		expect(hits.length).toBeGreaterThan(1);
		const own = new Set((await fineChunks()).map((chunk) => chunk.textHash));
		expect(hits.every(({ chunk }) => own.has(chunk.textHash))).toBe(true);
		for (const hit of await knowledge.search({ ...request, vector: null }))
			expect(own.has(hit.chunk.textHash)).toBe(true);
		const [whole] = await knowledge.search({ ...request, vector: null, indexId: null });
		expect(whole?.chunk.text).toBe(owls.trim());
	});

	test('is searched by keyword when its vectors are damaged', async () => {
		await add('owls.md', owls);
		const id = await fill();
		await records.commit([{ op: 'delete', store: vectorBlockStore.name, key: [id, 0] }]);
		knowledge = knowledgeOver(records, clock);
		const [hit] = await knowledge.search({ text: 'mice', vector: null, indexId: id, limit: 1 });
		expect(hit?.chunk.text.length).toBeLessThanOrEqual(fineChunker.size);
	});

	test('gets questions made from its own chunks', async () => {
		await add('owls.md', owls);
		const id = await fill();
		const own = new Set((await fineChunks()).map((chunk) => chunk.textHash));
		const items = await knowledge.knownItems(id, 9, 1);
		expect(items.length).toBeGreaterThan(0);
		expect(items.every(({ textHash }) => own.has(textHash))).toBe(true);
		await expect(knowledge.knownItems('none' as IndexId, 9, 1)).rejects.toMatchObject({
			code: 'storage/missing'
		});
	});

	test('says so when the text of a document is lost', async () => {
		const id = await add('owls.md', owls);
		await records.commit([write.delete(documentTextStore, id)]);
		await expect(knowledge.createIndex(fine)).rejects.toMatchObject({
			code: 'storage/corrupt',
			details: { what: 'the text of owls.md' }
		});
	});
});

test('a rebuild from the same parts embeds everything anew, and leaves the first alone', async () => {
	await add('owls.md', owls);
	const first = await fill(coarse);
	const before = await records.list(vectorBlockStore);
	const again = { ...coarse, generation: 1 };
	const state = await knowledge.createIndex(again);
	expect(state.id).not.toBe(first);
	expect(state).toMatchObject({ spec: { generation: 1 }, texts: 1, embedded: 0 });
	await fill(again);
	expect(await records.list(vectorBlockStore, { prefix: [first] })).toEqual(before);
	await knowledge.dropIndex(first);
	expect(await knowledge.indexState(state.id)).toMatchObject({ embedded: 1 });
	expect(await fineChunks()).toEqual([]);
});

describe('documents that come and go', () => {
	test('reach the chunks of every index in one commit each', async () => {
		await knowledge.createIndex(coarse);
		const { id } = await knowledge.createIndex(fine);
		const { commits } = records;
		const document = await add('owls.md', owls);
		// The row that says that it is being read, then everything.
		expect(records.commits).toBe(commits + 2);
		expect(await documentsCut()).toEqual(new Set([document]));
		expect((await texts(id)).length).toBeGreaterThan(1);
		await knowledge.removeDocument(document);
		expect(records.commits).toBe(commits + 3);
		expect(await fineChunks()).toEqual([]);
		expect(await texts(id)).toEqual([]);
		expect(await knowledge.nearest(id, wordVector(owls), 5)).toEqual([]);
	});

	test('are cut for an index that began while they were read', async () => {
		const slow = new File([owls], 'slow.md');
		const reading = Promise.withResolvers<ArrayBuffer>();
		Object.assign(slow, { arrayBuffer: () => reading.promise });
		const importing = knowledge.importFile(slow);
		const { id } = await knowledge.createIndex(fine);
		reading.resolve(await new Blob([owls]).arrayBuffer());
		const document = await importing;
		expect(await documentsCut()).toEqual(new Set([document.id]));
		expect((await texts(id)).length).toBeGreaterThan(1);
	});

	test('go before the cutting of others, and are part of the index when that ends', async () => {
		for (const name of ['a.md', 'b.md', 'c.md', 'd.md']) await add(name, `${name} ${owls}`);
		const [first] = await knowledge.documents();
		const meanwhile: Promise<unknown>[] = [];
		const order: string[] = [];
		watch = (writes) => {
			order.push([...new Set(writes.map(({ op, store }) => `${op} ${store}`))].join(', '));
			if (!writes.some(({ store }) => store === chunkSetStore.name)) return;
			if (meanwhile.length > 0) return;
			meanwhile.push(knowledge.removeDocument(first!.id), add('e.md', `e ${owls}`));
		};
		const { id } = await knowledge.createIndex(fine);
		await Promise.all(meanwhile);
		const documents = await knowledge.documents();
		expect(documents.map(({ name }) => name)).toEqual(['b.md', 'c.md', 'd.md', 'e.md']);
		expect(await documentsCut()).toEqual(new Set(documents.map((document) => document.id)));
		expect(await knowledge.textsWith(fineChunker)).toBe((await knowledge.indexState(id))?.texts);
		expect(order.findIndex((writes) => writes.startsWith('delete'))).toBeLessThan(
			order.lastIndexOf('put chunk-sets')
		);
	});

	test('are cut no more when the index is dropped meanwhile', async () => {
		for (const name of ['a.md', 'b.md', 'c.md']) await add(name, `${name} ${owls}`);
		const id = await indexIdOf(fine);
		const dropping: Promise<void>[] = [];
		watch = (writes) => {
			if (writes.some(({ op, store }) => op === 'put' && store === chunkSetStore.name))
				dropping.push(knowledge.dropIndex(id));
		};
		await expect(knowledge.createIndex(fine)).rejects.toMatchObject({ code: 'storage/missing' });
		await Promise.all(dropping);
		expect(await fineChunks()).toEqual([]);
		expect(await knowledge.indexState(id)).toBeNull();
	});
});

describe('chunks that no index needs any more', () => {
	test('go with the last index that is made of them', async () => {
		await add('owls.md', owls);
		const first = await fill();
		const second = await fill(indexSpec('2', 32, fineChunker));
		await knowledge.dropIndex(first);
		expect(await knowledge.indexState(second)).not.toBeNull();
		expect((await fineChunks()).length).toBeGreaterThan(0);
		await knowledge.dropIndex(second);
		expect(await fineChunks()).toEqual([]);
		expect(await records.count(chunkStore)).toBe(1);
		await add('tea.txt', tea);
		expect(await fineChunks()).toEqual([]);
	});

	test('are collected with an index past its time, and counted', async () => {
		await add('owls.md', owls);
		const id = await fill();
		await knowledge.retireIndex(id, 10);
		const chunks = await fineChunks();
		const vectors = new Set(chunks.map((chunk) => chunk.textHash)).size * 32 * 4;
		const letters = chunks.reduce((sum, { text }) => sum + text.length, 0);
		expect(await knowledge.collectGarbage([], 10)).toEqual({
			indexes: [id],
			bytes: vectors + letters
		});
		expect(await fineChunks()).toEqual([]);
	});

	test('and vectors of no index are found and deleted', async () => {
		await add('owls.md', owls);
		const kept = await fill();
		const left = { documentId: 'd' as DocumentId, ordinal: 0, headings: [], page: null };
		const hash = (await fineChunks())[0]!.textHash;
		const chunker = chunkerIdOf({ ...fineChunker, size: 333 });
		await records.commit([
			write.put(chunkSetStore, { ...left, text: 'Übrig', textHash: hash, chunker }),
			{
				...{ op: 'put', store: vectorBlockStore.name, key: ['gone', 0] },
				row: { indexId: 'gone', block: 0, textHashes: [hash], vectors: new ArrayBuffer(128) }
			}
		]);
		expect(await knowledge.collectGarbage([], 0)).toEqual({ indexes: [], bytes: 128 + 6 });
		expect(await records.count(chunkSetStore, { prefix: [chunker] })).toBe(0);
		expect(await records.count(vectorBlockStore)).toBe(1);
		expect(await knowledge.indexState(kept)).toMatchObject({
			embedded: expect.any(Number) as number
		});
		expect(await knowledge.missingTexts(kept, 9)).toEqual([]);
		expect(await knowledge.collectGarbage([], 0)).toEqual({ indexes: [], bytes: 0 });
	});
});

describe('a citation', () => {
	test('shows the neighbours of its own chunks, whichever index is in use now', async () => {
		const id = await add('owls.md', owls);
		const index = await fill();
		const [, second, third] = await fineChunks();
		const found = await knowledge.passage(id, 1, second!.text);
		expect(found).toMatchObject({ chunk: { text: second!.text }, after: { text: third!.text } });
		expect(await knowledge.passage(id, 0, owls.trim())).toMatchObject({
			before: null,
			after: null
		});
		await knowledge.dropIndex(index);
		expect(await knowledge.passage(id, 1, second!.text)).toBeNull();
	});

	test('never shows those of another text at its place', async () => {
		const id = await add('owls.md', owls);
		await fill();
		expect(await knowledge.passage(id, 0, 'What stood here once.')).toBeNull();
		expect((await knowledge.passage(id, 0))?.chunk.text).toBe(owls.trim());
	});
});

describe('where texts stand', () => {
	test('is told in their order, without those that are gone', async () => {
		const id = await add('owls.md', `# Birds\n\n${owls}`);
		const index = await fill();
		const chunks = await fineChunks();
		const hashes = [
			chunks[2]!.textHash,
			'gone' as (typeof chunks)[0]['textHash'],
			chunks[0]!.textHash
		];
		const places = await knowledge.textPlaces(index, hashes);
		expect(places).toMatchObject([
			{ documentId: id, documentName: 'owls.md', ordinal: 2, text: chunks[2]!.text },
			{ ordinal: 0, headings: ['Birds'], page: null }
		]);
		await expect(knowledge.textPlaces('none' as IndexId, [])).rejects.toMatchObject({
			code: 'storage/missing'
		});
	});
});

describe('what two indexes have in common', () => {
	test('is the text itself where both are made of the same chunks', async () => {
		await add('owls.md', owls);
		const [first, second] = [await fill(coarse), await fill(indexSpec('2'))];
		const hashes = (await records.list(chunkStore)).map((chunk) => chunk.textHash);
		expect(await knowledge.counterparts(first, second, hashes)).toEqual([hashes]);
	});

	test('are the pieces of a passage, and the passage of a piece, in the same document', async () => {
		const a = await add('a.md', `# One\n\n${owls}\n\n# Two\n\n${tea}`);
		await add('b.md', `# Copy\n\n${tea} Beside.`);
		const [old, next] = [await fill(coarse), await fill()];
		const big = await records.list(chunkStore, { prefix: [a] });
		const pieces = (await fineChunks()).filter((chunk) => chunk.documentId === a);
		const under = (heading: string) =>
			pieces.filter(({ headings }) => headings.includes(heading)).map(({ textHash }) => textHash);
		const found = await knowledge.counterparts(
			old,
			next,
			big.map(({ textHash }) => textHash)
		);
		expect(found).toEqual([[...new Set(under('One'))], [...new Set(under('Two'))]]);
		const [back] = await knowledge.counterparts(next, old, [under('One')[0]!]);
		expect(back).toEqual([big[0]!.textHash]);
	});

	test('is nothing for a text that is gone', async () => {
		await add('owls.md', owls);
		const [old, next] = [await fill(coarse), await fill()];
		const gone = 'gone' as Parameters<typeof knowledge.counterparts>[2][number];
		expect(await knowledge.counterparts(old, next, [gone])).toEqual([[]]);
	});
});
