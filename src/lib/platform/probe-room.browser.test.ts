import { afterEach, beforeEach, expect, test } from 'vitest';
import { cdp } from 'vitest/browser';
import { InlineWorker } from '../testing/inline-worker.ts';
import { probeRoom } from './probe-room.ts';

const mebibyte = 2 ** 20;
const { origin } = location;
const workers: InlineWorker[] = [];

/** Asks in a worker of its own, as another tab would. */
function probe(mebibytes: number): Promise<unknown> {
	const module = new URL('./probe-room.ts', import.meta.url);
	const worker = new InlineWorker(module, '({ probeRoom }, bytes) => probeRoom(bytes)');
	workers.push(worker);
	return worker.ask(mebibytes * mebibyte);
}

const usage = async () => (await navigator.storage.estimate()).usage ?? 0;

/** Leaves so much room; the few bytes beside it are for the names of the files. */
async function leaveRoom(mebibytes: number): Promise<void> {
	const quotaSize = (await usage()) + mebibytes * mebibyte + 10_000;
	await cdp().send('Storage.overrideQuotaForOrigin', { origin, quotaSize });
}

async function folder(): Promise<FileSystemDirectoryHandle> {
	const root = await navigator.storage.getDirectory();
	return root.getDirectoryHandle('room-probe', { create: true });
}

async function filesLeft(): Promise<string[]> {
	const names: string[] = [];
	for await (const name of (await folder()).keys()) names.push(name);
	return names;
}

/** A file as a tab leaves it that dies while it probes. */
async function leaveFile(mebibytes: number): Promise<void> {
	const file = await (await folder()).getFileHandle('left', { create: true });
	const writable = await file.createWritable();
	await writable.truncate(mebibytes * mebibyte);
	await writable.close();
}

beforeEach(() => leaveRoom(100));

afterEach(async () => {
	for (const worker of workers.splice(0)) worker.close();
	await cdp().send('Storage.overrideQuotaForOrigin', { origin });
});

test('knows the room to the mebibyte', async () => {
	expect(await probe(100)).toBe(true);
	expect(await probe(101)).toBe(false);
});

test('says no to what is larger than any disk', async () => {
	expect(await probe(2 ** 32)).toBe(false);
});

test('gives back what it reserved, whatever the answer', async () => {
	const before = await usage();
	await probe(90);
	await probe(110);
	expect(await filesLeft()).toEqual([]);
	expect(await usage()).toBe(before);
});

test('asked by several tabs at once, tells each the truth', async () => {
	expect(await Promise.all([probe(60), probe(70), probe(130), probe(80)])).toEqual([
		true,
		true,
		false,
		true
	]);
	expect(await filesLeft()).toEqual([]);
});

test('does not count what a tab left that died while it probed', async () => {
	await leaveFile(60);
	expect(await probe(100)).toBe(true);
	expect(await filesLeft()).toEqual([]);
});

test('does not know in a page', async () => {
	expect(await probeRoom(mebibyte)).toBeUndefined();
	expect(await filesLeft()).toEqual([]);
});
