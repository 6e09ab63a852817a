import { beforeEach, expect, test } from 'vitest';
import type { Json } from '../core/json.ts';
import type { PlanId } from '../core/ids.ts';
import { snapshotStore, type SnapshotRow } from '../migration/migration-records.ts';
import { snapshotDigest } from '../migration/snapshot.ts';
import { remoteServerStore, type RemoteServer } from '../engines/remote/remote-server.ts';
import { write } from '../ports/store-write.ts';
import { MigrationWorld } from '../testing/migration-world.ts';
import { backedUpStores } from './backed-up-stores.ts';
import { backupFile, readBackupFile } from './backup-file.ts';
import { Backups } from './backups.ts';
import { settingsStore } from './settings-record.ts';

let world: MigrationWorld;
let backups: Backups;
const stores = backedUpStores.map(({ store }) => store);

beforeEach(async () => {
	world = await MigrationWorld.create({}, 0);
	await world.disk.commit([write.put(settingsStore, { name: 'appearance', value: 'dark' })]);
	backups = new Backups({
		collectParts: () => Promise.resolve(0),
		...{ ...world.open(), clock: world.clock, records: world.disk, stores: backedUpStores },
		listings: () => Promise.resolve([]),
		onRestored: () => undefined
	});
	await backups.takeNow();
});

async function only(): Promise<SnapshotRow> {
	return (await world.disk.list(snapshotStore))[0]!;
}

/** The file of the backup, changed. */
async function fileWith(
	change: (content: Record<string, Json>) => Record<string, unknown>
): Promise<string> {
	const file = JSON.parse(await text()) as { backup: Record<string, Json> };
	return JSON.stringify({ ...file, backup: change(file.backup) });
}

async function read(content: BlobPart): Promise<SnapshotRow> {
	const source = new Blob([content]);
	const id = 'new' as PlanId;
	return (await readBackupFile({ source, name: 'my-backup.json', id, stores })).row;
}

/** The backup's file, or that of another row. */
async function text(row?: SnapshotRow): Promise<string> {
	return (await backupFile(row ?? (await only()), world.disk)).text();
}

test('a file that was saved is read back as a backup taken by hand', async () => {
	const row = await only();
	expect(await read(await text(row))).toEqual({ ...row, planId: 'new', reason: 'by-hand' });
});

test('is added once, however often it is chosen, and also after the backup was deleted', async () => {
	const { planId } = await only();
	const file = new Blob([await backups.file(planId)]);
	expect(await backups.addFile(file, 'a.json')).toBe(false);
	await backups.remove(planId);
	expect(await backups.addFile(file, 'a.json')).toBe(true);
	expect(await backups.list()).toMatchObject([{ reason: 'By hand', intact: true }]);
});

test('also of a backup by an earlier version, which had no fingerprint', async () => {
	const { planId, takenAt, record } = await only();
	const row = await read(await text({ planId, takenAt, record }));
	expect(row.digest).toBe(await snapshotDigest({ record }));
});

test('no key of a server gets into a file', async () => {
	const server = { id: 's', url: 'https://llm.example/v1', key: 'sk-very-secret' } as RemoteServer;
	await world.disk.commit([write.put(remoteServerStore, server)]);
	await backups.takeNow();
	for (const { id } of await backups.list()) {
		expect(await (await backups.file(id)).text()).not.toContain('sk-very-secret');
	}
	expect(await backups.list()).toHaveLength(2);
});

test('one changed letter is noticed', async () => {
	const content = await text();
	await expect(read(content.replace('"dark"', '"light"'))).rejects.toMatchObject({
		code: 'backup/damaged'
	});
	await expect(read(content.replace('"OLD"', '"OLE"'))).rejects.toMatchObject({
		code: 'backup/damaged'
	});
});

test.each<[string, string, () => string | Promise<string>]>([
	['no JSON', 'it holds no JSON', () => 'hello'],
	['half a file', 'it holds no JSON', async () => (await text()).slice(0, -20)],
	['null', 'not a backup of SAM', () => 'null'],
	['another JSON', 'not a backup of SAM', () => '{"format":"sam-upgrade-log","version":1}'],
	[
		'a newer version',
		'a newer version of SAM wrote it',
		async () => (await text()).replace('"version": 1', '"version": 3')
	],
	['no setup', 'record', () => fileWith(({ record: _, ...rest }) => rest)],
	['no fingerprint', 'digest', () => fileWith(({ digest: _, ...rest }) => rest)],
	['a time that is none', 'takenAt', () => fileWith((it) => ({ ...it, takenAt: 'today' }))],
	['far too much', 'far too large', () => ' '.repeat(5_000_001)]
])('refuses a file with %s, and says why', async (_, reason, make) => {
	await expect(read(await make())).rejects.toMatchObject({
		code: 'backup/unreadable',
		message: expect.stringContaining(reason) as string
	});
});

test.each<[string, Json]>([
	['a setting that there is not', { name: 'telemetry', value: true }],
	['an appearance that there is not', { name: 'appearance', value: 'pink' }],
	['a host without https', { name: 'hosts', value: ['http://evil.example'] }],
	['a host with a path', { name: 'hosts', value: ['https://evil.example/x'] }],
	['downloads of another shape', { name: 'downloads', value: { mirrors: 'all' } }],
	['what the app notes by itself', { name: 'lastCollection', value: { at: 1 } }]
])('refuses a file with %s, although its fingerprint matches', async (_, row) => {
	const { record } = await only();
	const config = { settings: [row] };
	const digest = await snapshotDigest({ record, config });
	const file = await fileWith((content) => ({ ...content, config, digest }));
	await expect(read(file)).rejects.toMatchObject({
		code: 'backup/unreadable',
		message: expect.stringContaining('settings have a value') as string
	});
});

test('a bad file changes nothing', async () => {
	const { commits } = world.disk;
	await expect(backups.addFile(new Blob(['{']), 'x.json')).rejects.toMatchObject({
		code: 'backup/unreadable',
		message: expect.stringContaining('x.json') as string
	});
	expect(world.disk.commits).toBe(commits);
});
