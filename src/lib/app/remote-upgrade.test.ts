import { beforeEach, expect, test } from 'vitest';
import type { ModelSpec } from '../core/model-spec.ts';
import { RemoteEngine } from '../engines/remote/remote-engine.ts';
import { remoteServerStore } from '../engines/remote/remote-server.ts';
import { indexIdOf, indexSpecOf } from '../knowledge/index-spec.ts';
import { createSteps } from '../migration/create-steps.ts';
import { MigrationJournal } from '../migration/journal.ts';
import { MigrationController } from '../migration/migration-controller.ts';
import { exportLog, migrationLog } from '../migration/migration-log.ts';
import { journalStore, snapshotStore } from '../migration/migration-records.ts';
import type { MigrationPlan } from '../migration/plan.ts';
import { SetupRepository } from '../migration/setup-repository.ts';
import type { RecordStore, StoreWrite } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import { FakeHttpClient } from '../testing/fake-http-client.ts';
import { FakeOpenAi } from '../testing/fake-open-ai.ts';
import { MemoryLocks } from '../testing/memory-locks.ts';
import { MigrationWorld, models } from '../testing/migration-world.ts';
import { noChats } from '../testing/no-chats.ts';
import { RecordWorkshop } from '../testing/record-workshop.ts';
import { serverAt, specsOf, testKey } from '../testing/remote-world.ts';
import { ScriptedShelf } from '../testing/scripted-shelf.ts';
import { EnginePool } from './engine-pool.ts';

const url = 'http://fake.test/v1';
let world: MigrationWorld;
let does: FakeOpenAi;
/** Everything that was stored since the server was added. */
let written: StoreWrite[];
let records: RecordStore;
let controller: MigrationController;
let setup: SetupRepository;

beforeEach(async () => {
	world = await MigrationWorld.create();
	does = new FakeOpenAi();
	does.key = testKey;
	const { disk, clock } = world;
	await disk.commit([write.put(remoteServerStore, serverAt(url))]);
	written = [];
	records = {
		get: (store, key) => disk.get(store, key),
		list: (store, options) => disk.list(store, options),
		count: (store, options) => disk.count(store, options),
		commit: (writes, options) => {
			written.push(...writes);
			return disk.commit(writes, options);
		}
	};
	const http = new FakeHttpClient(does, url, 'https://sam.example');
	const pool = new EnginePool({
		make: () => new RemoteEngine({ http, server: (id) => records.get(remoteServerStore, id) })
	});
	const locks = new MemoryLocks();
	const workshop = new RecordWorkshop(records);
	setup = new SetupRepository(records, clock, locks);
	const steps = createSteps({
		...{ records, clock, setup, workshop, ...noChats },
		bench: {
			open: (spec, signal) =>
				spec.remote ? pool.open(spec, signal) : world.bench.open(spec, signal),
			room: (spec) => pool.room(spec),
			rest: () => pool.rest()
		},
		supply: { isInstalled: () => Promise.resolve(true), install: () => Promise.resolve() },
		room: { freeBytes: () => Promise.resolve(null) },
		adapters: new ScriptedShelf(records, clock),
		whenIdle: () => Promise.resolve()
	});
	const journal = new MigrationJournal(records);
	controller = new MigrationController({
		...{ journal, setup, workshop, clock, locks },
		steps: () => Promise.resolve(steps)
	});
});

/** The plan that moves both engines to the server. */
async function planned(): Promise<MigrationPlan> {
	const [chat, embed] = await specsOf(serverAt(url));
	const known = (spec: ModelSpec) => ({ ...spec, needs: [], parameters: null });
	return world.plan(
		{
			catalog: [models.old, known(chat), known(embed)],
			choice: { chat: chat.id, embedding: embed.id },
			newIndexId: await indexIdOf(indexSpecOf(embed)),
			engines: ['scripted', 'remote']
		},
		// What nonsense vectors find is not the question here.
		{ gate: { enabled: false, queries: 1, maxRecallLoss: 1 } }
	);
}

/** All that leaves the app as a file: the log in both forms, the backup, the setup. */
async function exported(): Promise<string> {
	const entries = await records.list(journalStore);
	const snapshots = await records.list(snapshotStore);
	const record = await setup.read();
	return [exportLog(entries), migrationLog(entries), JSON.stringify([snapshots, record])].join(
		'\n'
	);
}

test('both engines move to a server: it answers, embeds every text, and is in use', async () => {
	const plan = await planned();
	expect(plan.needs.downloadBytes).toBe(0);
	expect(plan.steps.map(({ kind }) => kind)).not.toContain('download');
	await controller.start(plan);
	expect((await setup.read())?.current).toMatchObject({
		chat: { engine: 'remote', name: 'tiny-chat:1b on Test server' },
		embedding: { engine: 'remote', name: 'org/tiny-embed on Test server' }
	});
	const texts = does.requests.flatMap(({ body }) => (body.input as string[] | undefined) ?? []);
	expect(texts.filter((text) => /^passage: word\d+ /.test(text))).toHaveLength(40);
});

test('the review says plainly what will leave this device', async () => {
	const { changed } = (await planned()).effects;
	expect(changed).toContain(
		'What you ask, and the passages that are found for it, leave this device: they are sent to tiny-chat:1b on Test server.'
	);
	expect(changed.join(' ')).toContain(
		'The text of all your documents, and of what you ask, leaves'
	);
	expect(world.plan().effects.changed.join(' ')).not.toContain('device');
});

test('the key is in nothing that is stored on the way, and in no export', async () => {
	await controller.start(await planned());
	const all = await exported();
	expect(all).toContain('server0001');
	expect(all).not.toContain(testKey);
	expect(JSON.stringify(written)).not.toContain(testKey);
});

test('not even when the server repeats it in an error', async () => {
	does.fault = ({ path }) =>
		path === '/models'
			? null
			: { kind: 'reply', status: 500, body: `{"error":"the key ${testKey} has no rights"}` };
	await controller.start(await planned()).catch(() => undefined);
	const all = await exported();
	expect(all).toContain('has no rights');
	expect(all).not.toContain(testKey);
	expect(JSON.stringify(written)).not.toContain(testKey);
	expect((await setup.read())?.current).toEqual(world.oldSetup);
});
