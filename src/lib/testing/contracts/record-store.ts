import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RecordStore, StoreOf } from '../../ports/record-store.ts';
import { write } from '../../ports/store-write.ts';

interface Setting {
	readonly name: string;
	readonly value: unknown;
}
interface Entry {
	readonly plan: string;
	readonly seq: number;
}
interface Mixed {
	readonly key: string | number | readonly (string | number)[];
}

const settings: StoreOf<Setting, string> = { name: 'settings', keyOf: (row) => row.name };
const journal: StoreOf<Entry, [string, number]> = {
	name: 'journal',
	keyOf: (row) => [row.plan, row.seq]
};
const mixed: StoreOf<Mixed, Mixed['key']> = { name: 'documents', keyOf: (row) => row.key };

export interface RecordStoreUnderTest {
	/** Empty, with at least the stores `settings`, `journal` and `documents`. */
	readonly store: RecordStore;
	readonly close?: () => Promise<void>;
}

/** The promises of `RecordStore`, checked on one implementation. */
export function describeRecordStore(
	name: string,
	make: () => RecordStoreUnderTest | Promise<RecordStoreUnderTest>
): void {
	describe(`${name} as a RecordStore`, () => {
		let subject: RecordStoreUnderTest;
		let store: RecordStore;

		beforeEach(async () => {
			subject = await make();
			store = subject.store;
		});
		afterEach(() => subject.close?.());

		const put = (...names: string[]) =>
			store.commit(names.map((each) => write.put(settings, { name: each, value: 1 })));
		const names = async () => (await store.list(settings)).map((row) => row.name);
		const fill = () =>
			store.commit(
				['a', 'b'].flatMap((plan) => [0, 1, 2, 10].map((seq) => write.put(journal, { plan, seq })))
			);

		describe('rows', () => {
			test('are found by their key, or not at all', async () => {
				await put('theme');
				expect(await store.get(settings, 'theme')).toEqual({ name: 'theme', value: 1 });
				expect(await store.get(settings, 'other')).toBeUndefined();
			});

			test('are copied in and out', async () => {
				const row = { name: 'list', value: [1] };
				await store.commit([write.put(settings, row)]);
				row.value.push(2);
				const read = await store.get(settings, 'list');
				(read?.value as number[]).push(3);
				expect(await store.get(settings, 'list')).toEqual({ name: 'list', value: [1] });
			});

			test('keep typed arrays, dates and nested data', async () => {
				const value = { vector: new Float32Array([0.5, -1]), at: new Date(0), deep: [{ x: null }] };
				await store.commit([write.put(settings, { name: 'rich', value })]);
				expect((await store.get(settings, 'rich'))?.value).toEqual(value);
			});

			test('are replaced by a put with the same key', async () => {
				await put('theme');
				await store.commit([write.put(settings, { name: 'theme', value: 2 })]);
				expect(await store.list(settings)).toEqual([{ name: 'theme', value: 2 }]);
			});
		});

		describe('list', () => {
			beforeEach(() => fill());
			const seqs = (rows: Entry[]) => rows.map(({ plan, seq }) => `${plan}${seq}`).join(' ');

			test('is in order of the key: numbers as numbers, element by element', async () => {
				expect(seqs(await store.list(journal))).toBe('a0 a1 a2 a10 b0 b1 b2 b10');
			});

			test('puts numbers before strings before arrays', async () => {
				const keys = [['a'], 'b', 2, [], [1, 'x'], 'B', -1, [1], 10, '', ['a', 0]];
				await store.commit(keys.map((key) => write.put(mixed, { key })));
				expect((await store.list(mixed)).map(({ key }) => key)).toEqual([
					-1,
					2,
					10,
					'',
					'B',
					'b',
					[],
					[1],
					[1, 'x'],
					['a'],
					['a', 0]
				]);
			});

			test('takes inclusive and exclusive bounds', async () => {
				expect(seqs(await store.list(journal, { from: ['a', 2], to: ['b', 0] }))).toBe('a2 a10 b0');
				expect(seqs(await store.list(journal, { after: ['a', 2], to: ['b', 0] }))).toBe('a10 b0');
				expect(seqs(await store.list(journal, { after: ['b', 1] }))).toBe('b2 b10');
				expect(seqs(await store.list(journal, { to: ['a', 0] }))).toBe('a0');
			});

			test('is empty where no key can lie between the bounds', async () => {
				expect(await store.list(journal, { from: ['b', 0], to: ['a', 0] })).toEqual([]);
				expect(await store.list(journal, { after: ['a', 1], to: ['a', 1] })).toEqual([]);
			});

			test('finds what starts with a prefix, and nothing else', async () => {
				await store.commit([write.put(journal, { plan: 'aa', seq: 0 })]);
				expect(seqs(await store.list(journal, { prefix: ['a'] }))).toBe('a0 a1 a2 a10');
				expect(seqs(await store.list(journal, { prefix: ['a', 1] }))).toBe('a1');
				expect(await store.list(journal, { prefix: ['c'] })).toEqual([]);
				expect(await store.list(journal, { prefix: [] })).toHaveLength(9);
			});

			test('goes backwards', async () => {
				expect(seqs(await store.list(journal, { prefix: ['a'], reverse: true }))).toBe(
					'a10 a2 a1 a0'
				);
			});

			test('stops at the limit, from either end', async () => {
				expect(seqs(await store.list(journal, { limit: 2 }))).toBe('a0 a1');
				expect(seqs(await store.list(journal, { limit: 2, reverse: true }))).toBe('b10 b2');
				expect(seqs(await store.list(journal, { limit: 99, reverse: true, prefix: ['a'] }))).toBe(
					'a10 a2 a1 a0'
				);
				expect(await store.list(journal, { limit: 0 })).toEqual([]);
			});
		});

		test('count counts all rows or those of a prefix', async () => {
			expect(await store.count(journal)).toBe(0);
			await fill();
			expect(await store.count(journal)).toBe(8);
			expect(await store.count(journal, { prefix: ['b'] })).toBe(4);
		});

		describe('commit', () => {
			test('applies its writes in order', async () => {
				await store.commit([
					write.put(settings, { name: 'a', value: 1 }),
					write.delete(settings, 'a'),
					write.add(settings, { name: 'a', value: 2 })
				]);
				expect(await store.list(settings)).toEqual([{ name: 'a', value: 2 }]);
			});

			test('writes to several stores together', async () => {
				await store.commit([
					write.put(settings, { name: 'a', value: 1 }),
					write.add(journal, { plan: 'p', seq: 0 })
				]);
				expect([await store.count(settings), await store.count(journal)]).toEqual([1, 1]);
			});

			test('of an add to a key that is there changes nothing at all', async () => {
				await store.commit([write.add(journal, { plan: 'p', seq: 1 })]);
				const again = store.commit([
					write.put(settings, { name: 'before', value: 1 }),
					write.add(journal, { plan: 'p', seq: 1 }),
					write.put(settings, { name: 'after', value: 1 })
				]);
				await expect(again).rejects.toMatchObject({ code: 'storage/conflict' });
				expect(await names()).toEqual([]);
			});

			test('lets only one of two rivals add the same key', async () => {
				const rivals = await Promise.allSettled(
					[1, 2].map((value) => store.commit([write.add(settings, { name: 'fence', value })]))
				);
				expect(rivals.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
			});

			test('of a row that cannot be copied changes nothing and is a bug', async () => {
				const broken = store.commit([
					write.put(settings, { name: 'good', value: 1 }),
					write.put(settings, { name: 'bad', value: () => 1 })
				]);
				await expect(broken).rejects.toMatchObject({ code: 'bug' });
				expect(await names()).toEqual([]);
			});

			test('with a key that has no order changes nothing', async () => {
				const broken = store.commit([
					write.put(settings, { name: 'good', value: 1 }),
					write.put(journal, { plan: 'p', seq: Number.NaN })
				]);
				await expect(broken).rejects.toMatchObject({ code: 'bug' });
				expect(await names()).toEqual([]);
			});

			test('deletes one row, and does not mind when it is not there', async () => {
				await put('a', 'b');
				await store.commit([write.delete(settings, 'a'), write.delete(settings, 'ghost')]);
				expect(await names()).toEqual(['b']);
			});

			test('deletes a whole prefix and leaves its neighbours', async () => {
				await fill();
				await store.commit([
					write.put(journal, { plan: 'aa', seq: 1 }),
					write.deletePrefix(journal, ['a'])
				]);
				expect((await store.list(journal)).map(({ plan }) => plan)).toEqual([
					'aa',
					'b',
					'b',
					'b',
					'b'
				]);
			});

			test('is seen by every read that starts after it', async () => {
				await store.commit([write.put(settings, { name: 'now', value: 1 })], {
					durability: 'strict'
				});
				expect(await names()).toEqual(['now']);
			});

			test('of nothing does nothing', async () => {
				await store.commit([]);
				expect(await store.count(settings)).toBe(0);
			});
		});
	});
}
