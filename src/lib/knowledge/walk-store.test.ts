import { expect, test } from 'vitest';
import type { StoreOf } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { ownersIn, rowsOf } from './walk-store.ts';

type Key = readonly [string, number];
const store: StoreOf<Key, Key> = { name: 'walked', keyOf: (row) => row };

async function storeWith(owners: Readonly<Record<string, number>>): Promise<MemoryRecordStore> {
	const records = new MemoryRecordStore();
	const rows = Object.entries(owners).flatMap(([owner, count]) =>
		Array.from({ length: count }, (_, at): Key => [owner, at])
	);
	await records.commit(rows.map((row) => write.put(store, row)));
	return records;
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
	const list: Item[] = [];
	for await (const item of items) list.push(item);
	return list;
}

test('finds each owner once, also those whose names begin alike', async () => {
	const records = await storeWith({ b: 3, a: 1, ab: 40, 'a-1': 2 });
	expect(await all(ownersIn(records, store))).toEqual(['a', 'a-1', 'ab', 'b']);
	expect(await all(ownersIn(new MemoryRecordStore(), store))).toEqual([]);
});

test.each([0, 1, 31, 32, 33, 64, 100])(
	'finds all %i rows of an owner in order, and no others',
	async (count) => {
		const records = await storeWith({ a: 5, mine: count, 'mine-too': 40, z: 3 });
		const found = await all(rowsOf(records, store, 'mine'));
		expect(found).toEqual(Array.from({ length: count }, (_, at) => ['mine', at]));
	}
);

test('goes on when what it has found is deleted', async () => {
	const records = await storeWith({ a: 2, b: 2, c: 2 });
	const seen: string[] = [];
	for await (const owner of ownersIn(records, store)) {
		seen.push(owner);
		await records.commit([write.deletePrefix(store, [owner])]);
	}
	expect(seen).toEqual(['a', 'b', 'c']);
	expect(await records.count(store)).toBe(0);
});
