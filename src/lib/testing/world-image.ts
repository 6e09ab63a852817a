import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { IndexId, Sha256 } from '../core/ids.ts';
import type { SetupRecord } from '../core/setup.ts';
import type { IndexRow, VectorBlockRow } from '../knowledge/knowledge-records.ts';
import { vectorBlockStore, indexStore, chunkStore } from '../knowledge/knowledge-records.ts';
import { downloadStore, manifestStore, wantedStore } from '../library/library-api.ts';
import { partPlan } from '../library/store/part-plan.ts';
import { setupStore } from '../migration/migration-records.ts';
import type { MemoryRecordStore } from './memory-record-store.ts';
import type { UpgradeWorld } from './upgrade-world.ts';

/** Rows by store. */
export type Image = Readonly<Record<string, unknown>>;

/** Logs tell how it came about, and models may stay: they are judged by rules of their own. */
const notCompared = new Set([
	...['journal', 'gate-reports', 'answer-reports'],
	...['manifests', 'wanted', 'downloads', 'adapter-checks']
]);

/** What upgrades write. Whatever is in another store is the user's. */
const upgradesWrite = new Set([
	...notCompared,
	...['setup', 'snapshots', 'indexes', 'vector-blocks', 'chunks', 'chunk-sets']
]);

/**
 * Everything that a device holds once an upgrade is over and its garbage is collected, so that two ends can be compared:
 * all stores, without how often and when the setup was written, and how vectors lie in their blocks.
 */
export function imageOf({ disk }: Pick<UpgradeWorld, 'disk'>): Image {
	const image: Record<string, unknown> = {};
	for (const [name, rows] of disk.everything()) if (!notCompared.has(name)) image[name] = rows;
	const setup = image[setupStore.name] as readonly SetupRecord[];
	image[setupStore.name] = setup.map(({ current, trial }) => ({ current, trial }));
	const indexes = (image[indexStore.name] ?? []) as readonly IndexRow[];
	image[indexStore.name] = indexes.map(({ id, spec, deleteAfter }) => ({ id, spec, deleteAfter }));
	image[vectorBlockStore.name] = [...vectorsIn(disk)].sort();
	return image;
}

/** What no upgrade may touch, and the passages that must stay. */
export function belongingsOf(disk: MemoryRecordStore): Image {
	const stores = [...disk.everything()].filter(([name]) => !upgradesWrite.has(name));
	return Object.fromEntries(stores);
}

/** The passages, by their keys. */
export function passagesOf(disk: MemoryRecordStore): ReadonlyMap<string, unknown> {
	const rows = disk.everything().get(chunkStore.name) ?? [];
	return new Map(rows.map((row) => [JSON.stringify(chunkStore.keyOf(row as never)), row]));
}

/** Each vector of an index, or of all, as one line. */
export function vectorsIn(disk: MemoryRecordStore, index?: IndexId): Set<string> {
	const rows = (disk.everything().get(vectorBlockStore.name) ?? []) as readonly VectorBlockRow[];
	const lines = rows
		.filter(({ indexId }) => index === undefined || indexId === index)
		.flatMap(({ indexId, textHashes, vectors }) => {
			const size = vectors.byteLength / textHashes.length;
			return textHashes.map((hash, at) => {
				const bytes = new Uint8Array(vectors, at * size, size);
				return `${indexId} ${hash} ${Buffer.from(bytes).toString('base64')}`;
			});
		});
	return new Set(lines);
}

/** As `toEqual`, quick where they are the same. */
export function expectSame(actual: unknown, expected: unknown, what: string): void {
	if (!isDeepStrictEqual(actual, expected)) expect(actual, what).toEqual(expected);
}

/** Every part belongs to a model that is installed or wanted, every download to one that is wanted, and nothing lacks. */
export async function expectTidyLibrary({ disk, blobs }: UpgradeWorld): Promise<void> {
	const manifests = await disk.list(manifestStore);
	const installed = manifests.flatMap(({ files }) => files);
	const wanted = (await disk.list(wantedStore)).flatMap(({ model }) => model.spec.files);
	const hashesOf = (files: readonly { readonly sha256: Sha256 }[]) =>
		new Set<string>(files.map(({ sha256 }) => sha256));
	const used = hashesOf([...installed, ...wanted]);
	const keys = new Set(await blobs.keys(''));
	const strays = [...keys].filter((key) => !used.has(key.split('/')[0] ?? ''));
	const missing = installed.flatMap((file) =>
		partPlan(file).flatMap(({ key }) => (keys.has(key) ? [] : [key]))
	);
	const downloads = await disk.list(downloadStore);
	const stillWanted = hashesOf(wanted);
	const forgotten = downloads.filter(({ sha256 }) => !stillWanted.has(sha256));
	expectSame({ strays, missing, forgotten }, { strays: [], missing: [], forgotten: [] }, 'models');
}
