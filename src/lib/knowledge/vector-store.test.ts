import { describe, expect, test } from 'vitest';
import type { Sha256 } from '../core/ids.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import { indexSpec } from '../testing/index-spec.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { randomVectors } from '../testing/random-vectors.ts';
import { indexIdOf } from './index-spec.ts';
import { type IndexRow, indexStore, vectorBlockStore } from './knowledge-records.ts';
import { deletionOf } from './stored-indexes.ts';
import { normaliseAll, type TextVector, VectorStore } from './vector-store.ts';

const dims = 16;
const spec = indexSpec('1', dims);

async function setup() {
	const records = new MemoryRecordStore();
	const store = new VectorStore(records);
	const id = await indexIdOf(spec);
	const index: IndexRow = { id, spec, createdAt: 0, deleteAfter: null, blocks: 0 };
	const load = async (row: IndexRow): Promise<TextVector[]> => {
		const all: TextVector[] = [];
		for await (const { row: block, vectors } of store.blocks(row)) {
			for (const [at, textHash] of block.textHashes.entries()) {
				all.push({ textHash, vector: vectors.slice(at * dims, (at + 1) * dims) });
			}
		}
		return all;
	};
	return { records, store, index, load };
}

function rows(count: number, seed = 1): TextVector[] {
	const made = randomVectors(count, dims, seed).map((vector, at) => ({
		textHash: `${seed}-${at}` as Sha256,
		vector
	}));
	return normaliseAll(made, dims);
}

describe('vectors on disk', () => {
	test('come back as they were, in order', async () => {
		const { store, index, load } = await setup();
		const grown = await store.append(index, rows(700));
		expect(grown.blocks).toBe(3);
		expect(await load(grown)).toEqual(rows(700));
	});

	test('stand in full blocks, and a few small ones until there are enough for another', async () => {
		const { records, store, index, load } = await setup();
		let grown = index;
		const sizes: number[][] = [];
		for (const [at, count] of [200, 50, 5, 1, 255, 2, 600].entries()) {
			grown = await store.append(grown, rows(count, at));
			const blocks = await records.list(vectorBlockStore);
			expect(blocks.map(({ block }) => block)).toEqual([...blocks.keys()]);
			expect(grown.blocks).toBe(blocks.length);
			sizes.push(blocks.map(({ textHashes }) => textHashes.length));
		}
		expect(sizes).toEqual([
			...[[200], [200, 50], [200, 50, 5], [256]],
			...[
				[256, 255],
				[256, 256, 1],
				[256, 256, 256, 256, 89]
			]
		]);
		const all = [200, 50, 5, 1, 255, 2, 600].flatMap((count, at) => rows(count, at));
		expect(await load(grown)).toEqual(all);
	});

	test('that come one by one do not take a block each for ever', async () => {
		const { store, index, load } = await setup();
		let grown = index;
		for (let at = 0; at < 60; at++) {
			grown = await store.append(grown, rows(1, at));
			expect(grown.blocks).toBeLessThanOrEqual(9);
		}
		expect(await load(grown)).toEqual(Array.from({ length: 60 }, (_, at) => rows(1, at)[0]));
	});

	test('fill the last block before a new one begins', async () => {
		const { records, store, index, load } = await setup();
		let grown = await store.append(index, rows(200, 1));
		grown = await store.append(grown, rows(100, 2));
		const blocks = await records.list(vectorBlockStore, { prefix: [index.id] });
		expect(blocks.map((block) => block.textHashes.length)).toEqual([256, 44]);
		expect(await load(grown)).toEqual([...rows(200, 1), ...rows(100, 2)]);
	});

	test('begin a new block behind a full one', async () => {
		const { store, index, load } = await setup();
		let grown = await store.append(index, rows(256, 1));
		grown = await store.append(grown, rows(1, 2));
		expect(grown.blocks).toBe(2);
		expect(await load(grown)).toHaveLength(257);
	});

	test('are added in one commit together with the index', async () => {
		const { records, store, index } = await setup();
		const grown = await store.append(index, rows(600));
		expect(records.commits).toBe(1);
		expect(await records.get(indexStore, index.id)).toEqual(grown);
	});

	test('cost no commit when there are none', async () => {
		const { records, store, index } = await setup();
		expect(await store.append(index, [])).toBe(index);
		expect(records.commits).toBe(0);
	});

	test('are told to be damaged when a block is missing or cut short', async () => {
		const { records, store, index, load } = await setup();
		const grown = await store.append(index, rows(300));
		const [first] = await records.list(vectorBlockStore, { prefix: [index.id] });
		await records.commit([write.put(vectorBlockStore, { ...first!, vectors: new ArrayBuffer(8) })]);
		await expect(load(grown)).rejects.toMatchObject({ code: 'storage/corrupt' });
		await records.commit([write.delete(vectorBlockStore, [index.id, 0])]);
		await expect(load(grown)).rejects.toMatchObject({ code: 'storage/corrupt' });
	});

	test('remember which were of a beginning alone, in full blocks and in those that grow', async () => {
		const { records, store, index } = await setup();
		const cut = (count: number, seed: number, places: number[]) =>
			rows(count, seed).map((row, at) => ({ ...row, truncated: places.includes(at) }));
		let grown = await store.append(index, cut(250, 1, [7]));
		grown = await store.append(grown, cut(20, 2, [0, 10]));
		await store.append(grown, cut(5, 3, []));
		const blocks = await records.list(vectorBlockStore, { prefix: [index.id] });
		expect(blocks.map((block) => block.truncated)).toEqual([[7, 250], [4], undefined]);
	});

	test('say nothing of it where none was', async () => {
		const { records, store, index } = await setup();
		await store.append(index, rows(3));
		const [block] = await records.list(vectorBlockStore);
		expect(Object.keys(block!)).not.toContain('truncated');
	});

	test('are added without reading again what was written a moment ago', async () => {
		const { records, index } = await setup();
		let reads = 0;
		const counting: RecordStore = {
			get: (...args) => {
				reads++;
				return records.get(...args);
			},
			list: (...args) => records.list(...args),
			count: (...args) => records.count(...args),
			commit: (...args) => records.commit(...args)
		};
		const store = new VectorStore(counting);
		let grown = index;
		for (let batch = 0; batch < 20; batch++) grown = await store.append(grown, rows(32, batch));
		expect(reads).toBe(0);
		// Two full blocks and four batches; whoever comes anew reads from behind, up to the first full one.
		expect(await new VectorStore(counting).append(grown, rows(1, 99))).toMatchObject({ blocks: 7 });
		expect(reads).toBe(5);
	});

	test('are added to what is stored when the batch before them could not be', async () => {
		let isFull = false;
		const records = new MemoryRecordStore({
			beforeCommit: () => {
				if (isFull) throw new Error('full');
			}
		});
		const { index } = await setup();
		const store = new VectorStore(records);
		const grown = await store.append(index, rows(3, 1));
		isFull = true;
		await expect(store.append(grown, rows(3, 2))).rejects.toThrow('full');
		isFull = false;
		await store.append(grown, rows(3, 3));
		const blocks = await records.list(vectorBlockStore);
		expect(blocks.flatMap(({ textHashes }) => textHashes)).toEqual(
			[...rows(3, 1), ...rows(3, 3)].map((row) => row.textHash)
		);
	});

	test('go with their index', async () => {
		const { records, store, index } = await setup();
		await store.append(index, rows(300));
		await records.commit(deletionOf(index.id, null));
		expect(await records.count(vectorBlockStore)).toBe(0);
		expect(await records.count(indexStore)).toBe(0);
	});
});

describe('vectors of an engine', () => {
	const textHash = 'text' as Sha256;

	test('get length 1', () => {
		const [row] = normaliseAll([{ textHash, vector: Float32Array.of(0, 5) }], 2);
		expect(row).toEqual({ textHash, vector: Float32Array.of(0, 1) });
	});

	test.each([
		['3 values instead of 2', [1, 2, 3]],
		['no numbers', [1, Number.NaN]],
		['no numbers', [Number.NEGATIVE_INFINITY, 1]],
		['without length', [0, 0]]
	])('are refused with %s', (reason, values) => {
		const refuse = () => normaliseAll([{ textHash, vector: Float32Array.from(values) }], 2);
		expect(refuse).toThrow(expect.objectContaining({ code: 'engine/bad-output' }) as Error);
		expect(refuse).toThrow(reason);
	});
});
