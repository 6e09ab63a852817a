import { beforeEach, describe, expect, test } from 'vitest';
import { adapterIdOf } from '../adapters/adapter-id.ts';
import type { AdapterFile, AdapterRow } from '../adapters/adapter-records.ts';
import { snapshotStore, type SnapshotRow } from '../migration/migration-records.ts';
import { snapshotDigest } from '../migration/snapshot.ts';
import { MigrationWorld } from '../testing/migration-world.ts';
import { storeAdapter } from '../testing/store-adapter.ts';
import { backedUpStores } from './backed-up-stores.ts';
import { Backups } from './backups.ts';

interface Head {
	readonly format: string;
	readonly version: number;
	readonly backup: Pick<SnapshotRow, 'takenAt' | 'record' | 'config' | 'digest'>;
	readonly files: readonly string[];
}

let head: Head;
/** The lines of the bytes. */
let lines: string[];
let row: AdapterRow;
let world: MigrationWorld;
let backups: Backups;

beforeEach(async () => {
	await openDevice();
	row = await storeAdapter(world.disk, 'pirate');
	await backups.takeNow();
	const file = await backups.file((await backups.list())[0]!.id);
	const [first, ...others] = (await file.text()).trimEnd().split('\n');
	head = JSON.parse(first!) as Head;
	lines = others;
	await openDevice();
});

async function openDevice(): Promise<void> {
	world = await MigrationWorld.create({}, 0);
	backups = new Backups({
		...{ ...world.open(), clock: world.clock, records: world.disk, stores: backedUpStores },
		listings: () => Promise.resolve([]),
		onRestored: () => undefined,
		collectParts: () => Promise.resolve(0)
	});
}

/** The head with those adapters, and a fingerprint that matches. */
async function headWith(...adapters: readonly unknown[]): Promise<Head> {
	const { takenAt, record, config } = head.backup;
	const changed = { ...config, adapters } as NonNullable<SnapshotRow['config']>;
	const digest = await snapshotDigest({ record, config: changed });
	return { ...head, backup: { takenAt, record, config: changed, digest } };
}

/** A row that is as it should be but for its files. */
async function withFiles(...files: readonly AdapterFile[]): Promise<AdapterRow> {
	return { ...row, files, id: await adapterIdOf(files) };
}

async function expectRefused(source: Blob, code: string, reason = ''): Promise<void> {
	const { commits } = world.disk;
	await expect(backups.addFile(source, 'mine.json')).rejects.toMatchObject({
		code,
		message: expect.stringContaining(reason) as string
	});
	expect(world.disk.commits).toBe(commits);
	expect(await world.disk.list(snapshotStore)).toEqual([]);
}

const fileOf = (first: Head, rest: readonly string[] = lines): Blob =>
	new Blob([[JSON.stringify(first), ...rest, ''].join('\n')]);

test('the file that all of these are made of is taken', async () => {
	expect(await backups.addFile(fileOf(await headWith(row)), 'mine.json')).toBe(true);
});

describe('JSON that is nested a hundred thousand deep', () => {
	const deep = '['.repeat(100_000) + ']'.repeat(100_000);
	const placed = (place: string): Blob =>
		new Blob([JSON.stringify(head).replace(place, `"x":${deep},${place}`), '\n', ...lines]);

	test.each([
		['alone', () => new Blob([deep])],
		['beside the backup', () => placed('"backup":')],
		['in the configuration', () => placed('"adapters":')],
		['in the setup', () => placed('"sequence":')]
	])('%s is refused', async (_, make) => {
		await expectRefused(make(), 'backup/unreadable', 'it is nested too deep');
	});

	test('in a line of bytes is refused', async () => {
		await expectRefused(fileOf(head, [deep, ...lines.slice(1)]), 'backup/damaged');
	});
});

describe('a line that does not end', () => {
	/** As large as that, and says how much of it was read. */
	function endless(first: string, bytes: number): { source: Blob; read: () => number } {
		let read = 0;
		const start = new TextEncoder().encode(first);
		const source = new Blob();
		const stream = () =>
			new ReadableStream<Uint8Array>(
				{
					start: (controller) => controller.enqueue(start),
					pull: (controller) => {
						read += 2 ** 20;
						if (read > bytes) controller.close();
						else controller.enqueue(new Uint8Array(2 ** 20).fill(32));
					}
				},
				{ highWaterMark: 0 }
			);
		Object.defineProperties(source, { size: { value: bytes }, stream: { value: stream } });
		return { source, read: () => read };
	}

	test.each([
		['at the beginning', '', 'backup/unreadable'],
		['in the bytes', undefined, 'backup/damaged']
	])('%s is not read to its end', async (_, first, code) => {
		const { source, read } = endless(first ?? `${JSON.stringify(head)}\n`, 500_000_000);
		await expectRefused(source, code);
		expect(read()).toBeLessThan(25_000_000);
	});

	test('is not read at all where the file is larger than any', async () => {
		const { source, read } = endless('', 600_000_000);
		await expectRefused(source, 'backup/unreadable', 'it is larger than');
		expect(read()).toBe(0);
	});
});

describe('a file of empty lines', () => {
	test.each([
		['is no backup', 1000, 'it holds no JSON'],
		['may be large', 6_000_000, 'it is far too large']
	])('%s', async (_, count, reason) => {
		await expectRefused(new Blob(['\n'.repeat(count)]), 'backup/unreadable', reason);
	});

	test('has no bytes', async () => {
		await expectRefused(fileOf(head, ['', '', '']), 'backup/damaged');
	});
});

describe('an adapter', () => {
	test.each<[string, () => unknown, string]>([
		['with a bidi override', () => ({ ...row, name: 'a\u202eb' }), 'has hidden characters'],
		['with a control character', () => ({ ...row, name: 'a\u0007' }), 'has hidden characters'],
		['on two lines', () => ({ ...row, name: 'a\nb' }), 'has hidden characters'],
		['of 10,000 characters', () => ({ ...row, name: 'x'.repeat(10_000) }), 'adapters have a value'],
		['of a day that there is not', () => ({ ...row, addedAt: 1e300 }), 'a date that there is not'],
		['without files', () => withFiles(), 'has no files'],
		['without parts', () => withFiles({ ...row.files[0]!, parts: 0 }), 'has no files'],
		['with fewer bytes than parts', () => withFiles({ ...row.files[0]!, parts: 99 }), 'no files'],
		['with a file twice', () => withFiles(row.files[0]!, row.files[0]!), 'two files of the same'],
		['of other files', () => ({ ...row, id: 'ab'.repeat(32) }), 'are not those of that adapter']
	])('%s is refused', async (_, make, reason) => {
		await expectRefused(fileOf(await headWith(await make())), 'backup/unreadable', reason);
	});

	test.each([
		'../up.safetensors',
		'a/b',
		'a\\b',
		'..',
		'',
		'a\u0000b',
		'C:x',
		'\u202ea',
		'.x',
		'é'
	])('with a file called %j is refused', async (path) => {
		const bad = await withFiles({ ...row.files[0]!, path });
		await expectRefused(
			fileOf(await headWith(bad)),
			'backup/unreadable',
			'a file of its adapter "pirate" has a name that no such file has'
		);
	});

	test('that is there twice is refused', async () => {
		const twice = await headWith(row, { ...row, name: 'corsair' });
		await expectRefused(fileOf(twice), 'backup/unreadable', 'it has the adapter "corsair" twice');
	});

	test('with path separators in its name is one like any other', async () => {
		const file = fileOf(await headWith({ ...row, name: 'runs/../pirate' }));
		expect(await backups.addFile(file, 'mine.json')).toBe(true);
	});

	test('without its bytes is told by name when it is put back, and not put back', async () => {
		const { files: _, ...bare } = await headWith(row);
		expect(await backups.addFile(fileOf({ ...bare, version: 1 } as Head, []), 'mine.json')).toBe(
			true
		);
		const { lost, changes } = await backups.restore((await backups.list())[0]!.id);
		expect([lost, changes]).toEqual([[expect.stringContaining('“pirate” cannot be put back')], []]);
	});
});

describe('bytes', () => {
	test.each<[string, () => Promise<Head>, () => string[]]>([
		['of no adapter', () => headWith(), () => lines],
		[
			'that the head does not tell of',
			async () => ({ ...(await headWith(row)), files: [] }),
			() => lines
		],
		[
			'that come twice',
			async () => ({ ...(await headWith(row)), files: [...head.files, ...head.files] }),
			() => [...lines, ...lines]
		],
		['without a line', () => headWith(row), () => []],
		[
			'that are others, in a file that calls itself older',
			async () => ({ ...(await headWith(row)), version: 1 }),
			() => lines.map((line) => line.replace('"base64":"Zm', '"base64":"Zn'))
		]
	])('%s are refused', async (_, first, rest) => {
		await expectRefused(fileOf(await first(), rest()), 'backup/damaged');
	});
});

test.each<[string, () => unknown]>([
	['the file', () => ({ ...head, version: 3 })],
	[
		'the setup in it',
		() => ({ ...head, backup: { ...head.backup, record: { ...head.backup.record, version: 2 } } })
	]
])('a newer version of %s is refused as such', async (_, make) => {
	await expectRefused(
		fileOf(make() as Head),
		'backup/unreadable',
		'a newer version of SAM wrote it'
	);
});

test('a time that is no date is refused', async () => {
	const late = { ...head, backup: { ...head.backup, takenAt: 1e300 } };
	await expectRefused(fileOf(late), 'backup/unreadable', 'its takenAt is not what it should be');
});
