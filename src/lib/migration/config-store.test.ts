import { expect, test } from 'vitest';
import type { Json } from '../core/json.ts';
import type { StoreOf } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { configStore } from './config-store.ts';

interface Wish {
	readonly name: string;
	readonly value: string;
}

const wishes: StoreOf<Wish, string> = { name: 'wishes', keyOf: ({ name }) => name };

function isWish(row: unknown): row is Wish {
	const { name, value } = row as Partial<Wish>;
	return typeof name === 'string' && typeof value === 'string';
}

const store = configStore(wishes, isWish);
const rowOf = (name: string, value: string): Wish & Json => ({ name, value });

test('reads its rows, and leaves out what is no configuration', async () => {
	const records = new MemoryRecordStore();
	const other = { name: 'count', value: 7 } as unknown as Wish;
	await records.commit([write.put(wishes, rowOf('a', '1')), write.put(wishes, other)]);
	expect(await store.read(records)).toEqual([rowOf('a', '1')]);
});

test('makes the present what is wanted: changed, added, taken away, and nothing else', async () => {
	const present = [rowOf('same', '1'), rowOf('changed', '1'), rowOf('gone', '1')];
	const wanted = [rowOf('changed', '2'), rowOf('new', '1'), rowOf('same', '1')];
	const records = new MemoryRecordStore();
	await records.commit(present.map((row) => write.put(wishes, row)));
	const writes = store.writes(present, wanted);
	expect(writes.map(({ op }) => op).sort()).toEqual(['delete', 'put', 'put']);
	await records.commit(writes);
	const rows = await store.read(records);
	expect(rows).toEqual([rowOf('changed', '2'), rowOf('new', '1'), rowOf('same', '1')]);
});

test('writes nothing where nothing differs', () => {
	expect(store.writes([rowOf('a', '1')], [{ value: '1', name: 'a' }])).toEqual([]);
});

test('never writes a row that is none of its own', () => {
	expect(store.accepts({ name: 'a', value: 7 })).toBe(false);
	expect(store.writes([], [{ name: 'a', value: 7 }])).toEqual([]);
});
