import { deleteDB } from 'idb';
import init from 'voy-search/voy_search_bg.wasm?init';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import version1 from '../../../tests/fixtures/database-v1.json';
import version2 from '../../../tests/fixtures/database-v2.json';
import version3 from '../../../tests/fixtures/database-v3.json';
import version4 from '../../../tests/fixtures/database-v4.json';
import version5 from '../../../tests/fixtures/database-v5.json';
import type { Setup, Trial } from '../core/setup.ts';
import { newId } from '../core/ids.ts';
import { AdapterStore } from '../adapters/adapter-store.ts';
import { runTurn } from '../chat/turn.ts';
import { voyLoader } from '../knowledge/load-voy.ts';
import { downloadStore, manifestStore } from '../library/library-api.ts';
import { ModelStore } from '../library/store/model-store.ts';
import { Bandwidth } from '../library/download/bandwidth.ts';
import { FileDownload } from '../library/download/file-download.ts';
import { settingsStore } from '../app/settings-record.ts';
import { describeProgress } from '../migration/describe-progress.ts';
import { gateReportStore, snapshotStore } from '../migration/migration-records.ts';
import { type DatabaseDump, withBytes } from '../testing/database-dump.ts';
import { everyStore } from '../testing/every-store.ts';
import { fileBody } from '../testing/library-world.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryBlobStore } from '../testing/memory-blob-store.ts';
import { MemoryConnectivity } from '../testing/memory-connectivity.ts';
import { ScriptedRangeSource } from '../testing/scripted-range-source.ts';
import { starterWorld } from '../testing/starter-world.ts';
import { Database } from './database.ts';
import { IdbRecordStore } from './idb-record-store.ts';
import { Sha256HasherFactory } from './sha256-hasher.ts';

const dumps = [version1, version2, version3, version4, version5] as unknown as DatabaseDump[];
const loadVoy = voyLoader(init);
const { signal } = new AbortController();

/** Writes the dump into a new database of that name, through nothing but the browser's own API. */
function restoreDatabase(name: string, dump: DatabaseDump): Promise<void> {
	return new Promise((resolve, reject) => {
		const opening = indexedDB.open(name, dump.version);
		opening.onupgradeneeded = () => {
			for (const [store, rows] of Object.entries(dump.stores)) {
				const objects = opening.result.createObjectStore(store);
				for (const { key, row } of rows) objects.add(withBytes(row), key as IDBValidKey);
			}
		};
		opening.onsuccess = () => {
			opening.result.close();
			resolve();
		};
		opening.onerror = () => reject(opening.error ?? new Error('The dump could not be restored'));
	});
}

test('the newest dump has rows in every store that there is today', () => {
	const { stores } = dumps.at(-1)!;
	const filled = Object.keys(stores).filter((store) => stores[store]!.length > 0);
	expect(filled.toSorted()).toEqual(everyStore.map((store) => store.name).toSorted());
});

describe.each(dumps)('A database that version $version wrote', (dump) => {
	/** The one row of that store, as JSON. */
	const dumped = (store: string): Record<string, unknown> =>
		dump.stores[store]![0]!.row as Record<string, unknown>;
	const trial = dumped('setup').trial as Trial;
	const planId = trial.planId;
	const tomorrow = trial.startedAt + 86_400_000;
	let name: string;
	let database: Database;
	let records: IdbRecordStore;

	beforeEach(async () => {
		name = `test-${newId()}`;
		await restoreDatabase(name, dump);
		database = new Database({ name });
		records = new IdbRecordStore(database);
	});
	afterEach(async () => {
		await database.close();
		await deleteDB(name);
	});

	const open = () => starterWorld(records, new ManualClock(tomorrow), loadVoy);

	test.each(everyStore)('gives the rows of $name under the keys of today', async (store) => {
		const rows = await records.list(store);
		const written = dump.stores[store.name] ?? [];
		expect(rows).toEqual(written.map(({ row }) => withBytes(row)));
		expect(rows.map((row) => store.keyOf(row))).toEqual(written.map(({ key }) => key));
	});

	test('finds passages by meaning and by words, in the index of the setup', async () => {
		const { search } = open();
		const { hits, degraded, index } = await search.search('Does honey spoil?', 1, signal);
		expect(degraded).toBeNull();
		expect(index).toBe((dumped('setup').current as Setup).index);
		expect(hits).toMatchObject([
			{ documentName: 'bees.md', chunk: { text: 'Honey never spoils.' } }
		]);
		expect(hits[0]!.cosine).toBeGreaterThan(0.1);
		expect(hits[0]!.keyword).toBeGreaterThan(0);
	});

	test('lacks no vector in either index', async () => {
		const { knowledge } = open();
		const { current } = dumped('setup') as { current: Setup };
		for (const index of [current.index, trial.previous.index]) {
			expect(await knowledge.indexState(index)).toMatchObject({ texts: 3, embedded: 3 });
		}
	});

	test('shows its documents, those that could not be read too', async () => {
		const states = (await open().knowledge.documents()).map((row) => [row.name, row.state]);
		expect(states).toEqual([
			['bees.md', 'ready'],
			['boiler.txt', 'ready'],
			['archive.zip', 'failed']
		]);
	});

	test('goes on with its chat', async () => {
		const { conversations: store, search: finder, answers: engine } = open();
		const [chat] = await store.list();
		const [question, answer] = await store.messages(chat!.id);
		expect(question).toMatchObject({ role: 'user', text: 'Does honey spoil?' });
		expect(answer).toMatchObject({ state: 'complete', citations: [{ documentName: 'bees.md' }] });
		const parts = { store, finder, engine, clock: new ManualClock(tomorrow) };
		const next = await runTurn(parts, chat!.id, 'How warm is the hive?', signal, () => undefined);
		expect(next).toMatchObject({ state: 'complete', position: 3 });
	});

	test('has its upgrade on trial, with snapshot and report', async () => {
		const { journal } = open();
		expect(await journal.unfinished()).toBe(planId);
		const progress = describeProgress(await journal.read(planId), null);
		expect(progress).toMatchObject({ phase: 'trial', gatePassed: true });
		expect(await records.get(snapshotStore, [planId])).toMatchObject({
			record: { current: trial.previous }
		});
		expect(await records.get(gateReportStore, [planId])).toMatchObject({ passed: true });
	});

	test('can be undone, and still answers', async () => {
		const { controller, setup, search } = open();
		expect(await controller.undo()).toEqual({ type: 'ended', outcome: 'rolled-back' });
		expect(await setup.read()).toMatchObject({ current: trial.previous, trial: null });
		const { hits, degraded } = await search.search('Does honey spoil?', 1, signal);
		expect(degraded).toBeNull();
		expect(hits).toMatchObject([{ documentName: 'bees.md' }]);
	});

	test('can be kept', async () => {
		const { controller, setup } = open();
		expect(await controller.keep()).toEqual({ type: 'ended', outcome: 'committed' });
		expect(await setup.read()).toMatchObject({ current: dumped('setup').current, trial: null });
	});

	test('knows its installed model and its settings', async () => {
		const store = new ModelStore({ records, blobs: new MemoryBlobStore() });
		const [manifest] = await records.list(manifestStore);
		expect(manifest?.spec.name).toBe('whole');
		expect(await store.isInstalled(manifest!.model)).toBe(true);
		expect(await records.get(settingsStore, 'appearance')).toMatchObject({ value: 'dark' });
	});

	test('has its adapters, whole', async () => {
		const clock = new ManualClock(tomorrow);
		const store = new AdapterStore({ records, clock, hashers: new Sha256HasherFactory() });
		const rows = await store.list();
		expect(rows).toHaveLength((dump.stores.adapters ?? []).length);
		for (const { id } of rows) {
			expect(await store.isIntact(id, signal)).toBe(true);
			expect((await store.open(id, signal)).length).toBeGreaterThan(0);
		}
	});

	test('goes on with its download where it stopped', async () => {
		const body = fileBody(300, 2);
		const [blobs, ranges, clock] = [
			new MemoryBlobStore(),
			new ScriptedRangeSource(),
			new ManualClock()
		];
		const [half] = await records.list(downloadStore);
		await blobs.put(`${half!.sha256}/0`, body.slice(0, 128));
		ranges.serve(half!.url, { body, validator: half!.validator });
		const download = new FileDownload(
			{
				...{ records, blobs, ranges, clock, partBytes: 4096, random: () => 0 },
				...{ hashers: new Sha256HasherFactory(), connectivity: new MemoryConnectivity() },
				bandwidth: new Bandwidth(clock)
			},
			{ path: 'weights.bin', urls: [half!.url], bytes: 300, sha256: half!.sha256 }
		);
		expect(await download.run(() => undefined, signal)).toMatchObject({
			bytes: 300,
			partBytes: 128
		});
		expect(ranges.reads.map(({ from }) => from)).toEqual([128]);
	});
});
