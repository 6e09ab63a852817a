import { deleteDB } from 'idb';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { newId } from '../core/ids.ts';
import type { StoreOf } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import { describeRecordStore } from '../testing/contracts/record-store.ts';
import { Database } from './database.ts';
import { IdbRecordStore } from './idb-record-store.ts';

interface Row {
	readonly name: string;
	readonly value: unknown;
}
const settings: StoreOf<Row, string> = { name: 'settings', keyOf: (row) => row.name };

function make() {
	const name = `test-${newId()}`;
	const database = new Database({ name });
	const close = async () => {
		await database.close();
		await deleteDB(name);
	};
	return { store: new IdbRecordStore(database), database, close };
}

/** What the browser does where a disk is full: it has taken every row, and then refuses the whole transaction. */
function abortForQuotaAfterPut(): void {
	const put = Reflect.get<IDBObjectStore, 'put'>(IDBObjectStore.prototype, 'put');
	vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
		this: IDBObjectStore,
		...args
	) {
		const { transaction } = this;
		const error = new DOMException('no room', 'QuotaExceededError');
		Object.defineProperty(transaction, 'error', { value: error });
		const request = put.apply(this, args);
		request.addEventListener('success', () => transaction.abort());
		return request;
	});
}

describeRecordStore('IdbRecordStore', make);

describe('IdbRecordStore', () => {
	let open: ReturnType<typeof make> | undefined;
	const setUp = () => (open = make());

	afterEach(async () => {
		vi.restoreAllMocks();
		await open?.close();
		open = undefined;
	});

	test('asks for the durability that the commit wants', async () => {
		const { store } = setUp();
		const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction');
		await store.commit([write.put(settings, { name: 'a', value: 1 })]);
		await store.commit([write.put(settings, { name: 'a', value: 1 })], { durability: 'strict' });
		expect(transaction.mock.calls.map(([, , options]) => options)).toEqual([
			{ durability: 'relaxed' },
			{ durability: 'strict' }
		]);
	});

	test('rejects with `storage/quota` when the transaction aborts though its requests succeeded', async () => {
		const { store } = setUp();
		await store.commit([write.put(settings, { name: 'small', value: 1 })]);
		abortForQuotaAfterPut();
		const large = store.commit([write.put(settings, { name: 'large', value: 1 })]);
		await expect(large).rejects.toMatchObject({ code: 'storage/quota' });
		expect(await store.list(settings)).toEqual([{ name: 'small', value: 1 }]);
	});

	test('goes on over a new connection when the browser has closed the old one', async () => {
		const { store, database } = setUp();
		(await database.open()).close();
		await store.commit([write.put(settings, { name: 'a', value: 1 })]);
		(await database.open()).close();
		expect(await store.get(settings, 'a')).toEqual({ name: 'a', value: 1 });
	});

	test('calls a store that the schema does not have a bug', async () => {
		const { store } = setUp();
		const unknown: StoreOf<Row, string> = { ...settings, name: 'nowhere' };
		await expect(store.list(unknown)).rejects.toMatchObject({ code: 'bug' });
	});
});
