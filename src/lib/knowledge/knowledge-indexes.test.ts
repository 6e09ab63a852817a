import { beforeEach, describe, expect, test } from 'vitest';
import type { IndexId, Sha256 } from '../core/ids.ts';
import { indexSpec } from '../testing/index-spec.ts';
import { knowledgeOver, wordVector, wordVectors } from '../testing/knowledge-world.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { randomVectors } from '../testing/random-vectors.ts';
import { indexIdOf } from './index-spec.ts';
import { indexStore, vectorBlockStore } from './knowledge-records.ts';
import type { KnowledgeService } from './knowledge-service.ts';

const nothing = { indexes: [], bytes: 0 };

let records: MemoryRecordStore;
let knowledge: KnowledgeService;

beforeEach(() => {
	records = new MemoryRecordStore();
	knowledge = knowledgeOver(records);
});

/** One document with that many distinct passages. */
async function addPassages(count: number, name = 'many.md'): Promise<void> {
	const sections = Array.from({ length: count }, (_, at) => `# H${at}\n\n${name} passage ${at}`);
	await knowledge.importFile(new File([sections.join('\n\n')], name));
}

describe('an index', () => {
	test('is made once for a spec', async () => {
		await addPassages(3);
		const state = await knowledge.createIndex(indexSpec());
		expect(state).toEqual({
			id: await indexIdOf(indexSpec()),
			spec: indexSpec(),
			texts: 3,
			embedded: 0,
			truncated: 0,
			search: 'voy'
		});
		expect(await knowledge.createIndex(indexSpec())).toEqual(state);
		expect(await records.count(indexStore)).toBe(1);
	});

	test('is null when there is none', async () => {
		expect(await knowledge.indexState('none' as IndexId)).toBeNull();
		await expect(knowledge.missingTexts('none' as IndexId, 5)).rejects.toMatchObject({
			code: 'storage/missing'
		});
		await expect(knowledge.nearest('none' as IndexId, wordVector('x'), 5)).rejects.toMatchObject({
			code: 'storage/missing'
		});
		await expect(knowledge.addVectors('none' as IndexId, [])).rejects.toMatchObject({
			code: 'storage/missing'
		});
	});

	test('lists the texts without a vector in document order, and fills up', async () => {
		await addPassages(5);
		const { id } = await knowledge.createIndex(indexSpec());
		const first = await knowledge.missingTexts(id, 2);
		expect(first.map((text) => text.text)).toEqual(['many.md passage 0', 'many.md passage 1']);
		await knowledge.addVectors(id, wordVectors(first));
		expect((await knowledge.missingTexts(id, 2))[0]?.text).toBe('many.md passage 2');
		await knowledge.addVectors(id, wordVectors(await knowledge.missingTexts(id, 99)));
		expect(await knowledge.missingTexts(id, 99)).toEqual([]);
		expect(await knowledge.indexState(id)).toMatchObject({ texts: 5, embedded: 5 });
	});

	test('remembers over a restart what it has', async () => {
		await addPassages(4);
		const { id } = await knowledge.createIndex(indexSpec());
		await knowledge.addVectors(id, wordVectors(await knowledge.missingTexts(id, 3)));
		knowledge = knowledgeOver(records);
		expect(await knowledge.indexState(id)).toMatchObject({ texts: 4, embedded: 3 });
		expect(await knowledge.missingTexts(id, 99)).toHaveLength(1);
	});

	test('counts the texts of which the model read only the beginning, over a restart too', async () => {
		await addPassages(4);
		const { id } = await knowledge.createIndex(indexSpec());
		const rows = wordVectors(await knowledge.missingTexts(id, 99));
		const told = rows.map((row, at) => ({ ...row, truncated: at > 1 }));
		await knowledge.addVectors(id, told);
		await knowledge.addVectors(id, [{ ...rows[0]!, truncated: true }]);
		expect(await knowledge.indexState(id)).toMatchObject({ embedded: 4, truncated: 2 });
		knowledge = knowledgeOver(records);
		expect(await knowledge.indexState(id)).toMatchObject({ embedded: 4, truncated: 2 });
	});

	test('does not count texts whose document has gone', async () => {
		await addPassages(2);
		const { id } = await knowledge.createIndex(indexSpec());
		const rows = wordVectors(await knowledge.missingTexts(id, 99));
		await knowledge.addVectors(
			id,
			rows.map((row) => ({ ...row, truncated: true }))
		);
		const [document] = await knowledge.documents();
		await knowledge.removeDocument(document!.id);
		expect(await knowledge.indexState(id)).toMatchObject({ texts: 0, truncated: 0 });
	});

	test('reads blocks that were written before anything was said of cut texts', async () => {
		await addPassages(2);
		const { id } = await knowledge.createIndex(indexSpec());
		await knowledge.addVectors(id, wordVectors(await knowledge.missingTexts(id, 1)));
		const [old] = await records.list(vectorBlockStore);
		expect(Object.keys(old!).toSorted()).toEqual(['block', 'indexId', 'textHashes', 'vectors']);
		knowledge = knowledgeOver(records);
		const [row] = wordVectors(await knowledge.missingTexts(id, 1));
		await knowledge.addVectors(id, [{ ...row!, truncated: true }]);
		expect(await knowledge.indexState(id)).toMatchObject({ embedded: 2, truncated: 1 });
	});

	test('skips vectors of texts that have one', async () => {
		await addPassages(1);
		const { id } = await knowledge.createIndex(indexSpec());
		const [text] = await knowledge.missingTexts(id, 1);
		const row = { textHash: text!.textHash, vector: wordVector('first') };
		await knowledge.addVectors(id, [row, row]);
		await knowledge.addVectors(id, [{ ...row, vector: wordVector('second') }]);
		const [block] = await records.list(vectorBlockStore);
		expect(block?.textHashes).toHaveLength(1);
		expect((await knowledge.nearest(id, wordVector('first'), 1))[0]?.score).toBeCloseTo(1, 5);
	});

	test('stores nothing of a batch with one bad vector', async () => {
		await addPassages(2);
		const { id } = await knowledge.createIndex(indexSpec());
		const [good, bad] = wordVectors(await knowledge.missingTexts(id, 2));
		for (const vector of [new Float32Array(32), new Float32Array(31).fill(1)]) {
			const batch = [good!, { ...bad!, vector }];
			await expect(knowledge.addVectors(id, batch)).rejects.toMatchObject({
				code: 'engine/bad-output'
			});
		}
		expect(await knowledge.indexState(id)).toMatchObject({ embedded: 0 });
		expect(await records.count(vectorBlockStore)).toBe(0);
	});

	test('finds vectors that come while it is in use', async () => {
		await addPassages(600);
		const { id } = await knowledge.createIndex(indexSpec());
		const texts = await knowledge.missingTexts(id, 600);
		const vectors = randomVectors(600, 32);
		for (let start = 0; start < 600; start += 100) {
			const rows = texts
				.slice(start, start + 100)
				.map(({ textHash }, at) => ({ textHash, vector: vectors[start + at]! }));
			const adding = knowledge.addVectors(id, rows);
			await knowledge.nearest(id, vectors[0]!, 1);
			await adding;
			const [hit] = await knowledge.nearest(id, vectors[start + 99]!, 1);
			expect(hit).toEqual({
				textHash: texts[start + 99]!.textHash,
				score: expect.closeTo(1, 4) as number
			});
		}
		await knowledge.idle();
		expect(await knowledge.nearest(id, vectors[0]!, 1000)).toHaveLength(600);
		expect(await knowledge.indexState(id)).toMatchObject({ search: 'voy', embedded: 600 });
	});

	test('of long vectors is scanned', async () => {
		const { id, search } = await knowledge.createIndex(indexSpec('1', 1024));
		expect(search).toBe('exact');
		const vectors = randomVectors(50, 1024);
		const rows = vectors.map((vector, at) => ({ textHash: `text-${at}` as Sha256, vector }));
		await addPassages(1);
		const [text] = await knowledge.missingTexts(id, 1);
		await knowledge.addVectors(id, [...rows, { textHash: text!.textHash, vector: vectors[7]! }]);
		// The others belong to no chunk.
		expect(await knowledge.nearest(id, vectors[7]!, 9)).toEqual([
			{ textHash: text!.textHash, score: expect.closeTo(1, 4) as number }
		]);
	});

	test('that is damaged says so, and can be dropped', async () => {
		await addPassages(1);
		const { id } = await knowledge.createIndex(indexSpec());
		await knowledge.addVectors(id, wordVectors(await knowledge.missingTexts(id, 1)));
		await records.commit([{ op: 'delete', store: vectorBlockStore.name, key: [id, 0] }]);
		knowledge = knowledgeOver(records);
		await expect(knowledge.indexState(id)).rejects.toMatchObject({ code: 'storage/corrupt' });
		await knowledge.dropIndex(id);
		expect(await knowledge.indexState(id)).toBeNull();
	});
});

describe('an index that is not needed any more', () => {
	async function twoIndexes(): Promise<[IndexId, IndexId]> {
		await addPassages(2);
		const ids: IndexId[] = [];
		for (const revision of ['1', '2']) {
			const { id } = await knowledge.createIndex(indexSpec(revision));
			await knowledge.addVectors(id, wordVectors(await knowledge.missingTexts(id, 9)));
			ids.push(id);
		}
		return ids as [IndexId, IndexId];
	}

	test('is dropped with its vectors, and only they', async () => {
		const [first, second] = await twoIndexes();
		await knowledge.dropIndex(first);
		await knowledge.dropIndex(first);
		expect(await knowledge.indexState(first)).toBeNull();
		expect(await knowledge.indexState(second)).toMatchObject({ embedded: 2 });
		expect(await records.count(vectorBlockStore, { prefix: [first] })).toBe(0);
	});

	test('is collected after its time, unless it is to be kept', async () => {
		const [first, second] = await twoIndexes();
		await knowledge.retireIndex(first, 500);
		await knowledge.retireIndex(second, 500);
		expect(await knowledge.collectGarbage([], 499)).toEqual(nothing);
		const bytes = 2 * 32 * Float32Array.BYTES_PER_ELEMENT;
		expect(await knowledge.collectGarbage([second], 500)).toEqual({ indexes: [first], bytes });
		expect(await knowledge.indexState(second)).not.toBeNull();
		expect(await knowledge.collectGarbage([second], 500)).toEqual(nothing);
	});

	test('is whole while it waits, and can come back', async () => {
		const [first] = await twoIndexes();
		const before = await knowledge.nearest(first, wordVector('passage'), 5);
		await knowledge.retireIndex(first, 500);
		expect(await knowledge.nearest(first, wordVector('passage'), 5)).toEqual(before);
		await knowledge.retireIndex(first, null);
		expect(await knowledge.collectGarbage([], 9_999)).toEqual(nothing);
	});

	test('is in use again when it is made again', async () => {
		const [first] = await twoIndexes();
		await knowledge.retireIndex(first, 500);
		expect(await knowledge.createIndex(indexSpec('1'))).toMatchObject({ embedded: 2 });
		expect(await knowledge.collectGarbage([], 9_999)).toEqual(nothing);
	});

	test('cannot come back when it is gone', async () => {
		const gone = 'gone' as IndexId;
		await knowledge.retireIndex(gone, 500);
		await expect(knowledge.retireIndex(gone, null)).rejects.toMatchObject({
			code: 'storage/missing'
		});
	});
});

test('time is the clock of the port', async () => {
	const { id } = await knowledgeOver(records, new ManualClock(77)).createIndex(indexSpec());
	expect(await records.get(indexStore, id)).toMatchObject({ createdAt: 77, deleteAfter: null });
});
