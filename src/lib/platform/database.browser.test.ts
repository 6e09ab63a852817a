import { deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { settingsStore } from '../app/settings-record.ts';
import { newId } from '../core/ids.ts';
import { write } from '../ports/store-write.ts';
import { schemaSteps, type SchemaStep } from './database-schema.ts';
import { Database, type ConnectionLoss } from './database.ts';
import { IdbRecordStore } from './idb-record-store.ts';

const storesOfVersion1 = [
	'chunks',
	'conversations',
	'document-texts',
	'documents',
	'downloads',
	'gate-reports',
	'indexes',
	'journal',
	'manifests',
	'messages',
	'settings',
	'setup',
	'snapshots',
	'vector-blocks'
];

const storesOfVersion2 = [...storesOfVersion1, 'measurements', 'wanted'].sort();

/** What a later version of SAM might add. */
const nextSteps: readonly SchemaStep[] = [
	...schemaSteps,
	{ to: schemaSteps.length + 1, apply: (db) => void db.createObjectStore('of-tomorrow') }
];

describe('Database', () => {
	let name: string;
	let databases: Database[];
	const make = (steps = schemaSteps): Database => {
		const database = new Database({ name, steps });
		databases.push(database);
		return database;
	};

	beforeEach(() => {
		name = `test-${newId()}`;
		databases = [];
	});
	afterEach(async () => {
		for (const database of databases) await database.close();
		await deleteDB(name);
	});

	test.each([
		[1, storesOfVersion1],
		[2, storesOfVersion2]
	])('of version %i has these stores, all with keys outside the row', async (version, stores) => {
		const db = await make(schemaSteps.slice(0, version)).open();
		expect(db.version).toBe(version);
		expect([...db.objectStoreNames]).toEqual(stores);
		const transaction = db.transaction(stores);
		for (const store of stores)
			expect(transaction.objectStore(store)).toMatchObject({ keyPath: null, autoIncrement: false });
	});

	test('opens one connection, when it is first needed', async () => {
		const database = make();
		expect((await indexedDB.databases()).map((each) => each.name)).not.toContain(name);
		const [first, second] = await Promise.all([database.open(), database.open()]);
		expect(first).toBe(second);
	});

	test('keeps the rows of the old version and runs only the new steps', async () => {
		const old = make();
		await (await old.open()).put('settings', { theme: 'dark' }, 'appearance');
		await old.close();
		const db = await make(nextSteps).open();
		expect(db.version).toBe(nextSteps.length);
		expect([...db.objectStoreNames]).toContain('of-tomorrow');
		expect(await db.get('settings', 'appearance')).toEqual({ theme: 'dark' });
	});

	test('gives way to a newer version at once, tells so, and refuses to work on', async () => {
		const old = make();
		const losses: ConnectionLoss[] = [];
		old.onLoss((loss) => losses.push(loss));
		await old.open();
		await expect(make(nextSteps).open()).resolves.toBeDefined();
		expect(losses).toEqual(['newer-version']);
		await expect(old.open()).rejects.toMatchObject({ code: 'storage/version-newer' });
	});

	test('finds a newer version at its first use, tells so, and leaves it as it is', async () => {
		const newer = make(nextSteps);
		await (await newer.open()).put('of-tomorrow', 1, 'x');
		const old = make();
		const losses: ConnectionLoss[] = [];
		old.onLoss((loss) => losses.push(loss));
		await expect(old.open()).rejects.toMatchObject({ code: 'storage/version-newer' });
		expect(losses).toEqual(['newer-version']);
		expect(await (await newer.open()).get('of-tomorrow', 'x')).toBe(1);
	});

	test('gives way in every worker and tab that has it open, and none of them writes any more', async () => {
		const tabs = [make(), make(), make()].map((database) => new IdbRecordStore(database));
		const row = { name: 'appearance', value: 'dark' } as const;
		for (const tab of tabs) await tab.get(settingsStore, 'appearance');
		const newer = await make(nextSteps).open();
		for (const tab of tabs) {
			const writing = tab.commit([write.put(settingsStore, row)]);
			await expect(writing).rejects.toMatchObject({ code: 'storage/version-newer' });
		}
		expect(await newer.count('settings')).toBe(0);
	});

	test('says that it is blocked by a tab that does not give way, and works once that tab is gone', async () => {
		const stubborn = await openDB(name, 1);
		const database = make(nextSteps);
		await expect(database.open()).rejects.toMatchObject({ code: 'storage/blocked' });
		stubborn.close();
		await expect(database.open()).resolves.toMatchObject({ version: nextSteps.length });
	});

	test('keeps no second connection from the attempt that was blocked', async () => {
		const stubborn = await openDB(name, 1);
		const database = make(nextSteps);
		const losses: ConnectionLoss[] = [];
		database.onLoss((loss) => losses.push(loss));
		await database.open().catch(() => undefined);
		stubborn.close();
		await database.open();
		await database.close();
		await deleteDB(name);
		expect(losses).toEqual([]);
	});

	test('tells that it was deleted, and starts anew', async () => {
		const database = make();
		const losses: ConnectionLoss[] = [];
		database.onLoss((loss) => losses.push(loss));
		await (await database.open()).put('settings', 1, 'x');
		await deleteDB(name);
		expect(losses).toEqual(['deleted']);
		expect(await (await database.open()).count('settings')).toBe(0);
	});

	test('connects anew when the browser has ended the connection', async () => {
		const database = make();
		const losses: ConnectionLoss[] = [];
		const stop = database.onLoss((loss) => losses.push(loss));
		const db = await database.open();
		db.close();
		db.dispatchEvent(new Event('close'));
		expect(losses).toEqual(['terminated']);
		expect(await database.open()).not.toBe(db);
		stop();
	});

	test('can be closed before it was opened, and opened after it was closed', async () => {
		const database = make();
		await database.close();
		await database.open();
		await database.close();
		await expect(database.open()).resolves.toMatchObject({ version: schemaSteps.length });
	});
});
