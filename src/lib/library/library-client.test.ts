import { expect, test, vi } from 'vitest';
import { AppError } from '../core/errors.ts';
import type { EntryId, ModelId } from '../core/ids.ts';
import { Sha256HasherFactory } from '../platform/sha256-hasher.ts';
import { fileBody, idIn, LibraryWorld, neverAborted } from '../testing/library-world.ts';
import type { RemoteApi } from '../wire/remote-api.ts';
import { defaultDownloadSettings } from './download/download-settings.ts';
import { LibraryClient } from './library-client.ts';
import { LibraryService } from './library-service.ts';

const alpha = idIn('alpha');
const quiet = (): void => undefined;

/** A client whose worker is the same thread; `respawn` puts another worker in its place. */
async function setUp() {
	const world = new LibraryWorld(new Sha256HasherFactory());
	await world.publish('alpha', { 'weights.bin': fileBody(10_000) });
	const spawn = () => new LibraryService(world.clock, () => world.tab());
	let service = spawn();
	let asked = 0;
	const client = new LibraryClient({
		host: {
			api: () => Promise.resolve(service as unknown as RemoteApi<LibraryService>),
			terminate: () => {
				service = spawn();
			}
		},
		catalog: world.catalog,
		baseUrl: 'https://hub.test/',
		persist: () => Promise.resolve(asked++)
	});
	return { world, client, respawn: () => (service = spawn()), persists: () => asked };
}

test('passes progress, results and changes on', async () => {
	const { client, persists } = await setUp();
	const heard: number[] = [];
	const changed: ModelId[] = [];
	const stop = client.onChange((model) => changed.push(model));
	await client.install(alpha, (done, total) => heard.push(done / total), neverAborted());
	expect(persists()).toBe(1);
	expect(heard[0]).toBe(0);
	await expect.poll(() => changed).toContain(alpha);
	stop();
	expect((await client.listings())[0]?.state.at).toBe('installed');
	expect(await client.verify(alpha, quiet, neverAborted())).toBe(0);
	expect(await client.remove(alpha, [])).toBe(10_000);
});

test('passes errors on', async () => {
	const { world, client } = await setUp();
	world.source.fail('https://hub.test/alpha/weights.bin', { kind: 'status', status: 404 });
	await expect(client.install(alpha, quiet, neverAborted())).rejects.toBeInstanceOf(AppError);
	await expect(client.remove(alpha, ['the chat'])).rejects.toMatchObject({
		code: 'library/in-use'
	});
});

test('finds and fetches files that belong to no model', async () => {
	const { world, client } = await setUp();
	world.source.serve('https://files.test/mine/a.bin', { body: fileBody(5000) });
	const address = 'https://files.test/mine/';
	const found = await client.findFiles(address, ['a.bin', 'b.bin'], neverAborted());
	expect(found.files.map(({ path }) => path)).toEqual(['a.bin']);
	const file = found.files[0]!;
	const blob = await client.fetchFile(file, 1e6, quiet, neverAborted());
	expect(new Uint8Array(await blob.arrayBuffer())).toEqual(fileBody(5000));
	await expect(client.fetchFile(file, 10, quiet, neverAborted())).rejects.toMatchObject({
		code: 'download/too-large'
	});
	expect(await world.blobs.keys('')).toEqual([]);
});

test('stops a download by the signal and by pause', async () => {
	const { world, client } = await setUp();
	const url = 'https://hub.test/alpha/weights.bin';
	world.source.fail(url, { kind: 'stall', at: 5000 }, { kind: 'stall', at: 5000 });
	const stop = new AbortController();
	const first = client.install(alpha, () => stop.abort(), stop.signal);
	await expect(first).rejects.toMatchObject({ code: 'cancelled' });
	const second = client.install(alpha, () => void client.pause(alpha), neverAborted());
	await expect(second).rejects.toMatchObject({ code: 'cancelled' });
});

test('tells how much room there is, as the worker finds it', async () => {
	const { world, client } = await setUp();
	world.blobs.setQuota(1000);
	expect(await client.freeBytes()).toBe(1000);
	vi.spyOn(world.blobs, 'hasRoom').mockImplementation(async (bytes) => bytes <= 256);
	expect(await client.freeBytes(512)).toBe(256);
});

test('starts the library in each worker that it meets, once', async () => {
	const { client, respawn } = await setUp();
	await client.install(alpha, quiet, neverAborted());
	expect(await client.isInstalled(alpha)).toBe(true);
	respawn();
	expect(await client.isInstalled(alpha)).toBe(true);
	expect(await client.collectOrphans()).toBe(0);
});

test('a worker that was stopped is started anew with the settings that were made', async () => {
	const { world, client } = await setUp();
	const mirror = 'https://mirror.test/';
	await client.configure({ ...defaultDownloadSettings, mirrors: [mirror], officialHost: false });
	client.stop(new AppError('cancelled'));
	const source = { host: 'huggingface', repository: 'a/b' } as const;
	world.catalog.push({ ...world.catalog[0]!, id: 'c' as EntryId, integrity: 'publisher', source });
	await expect(client.freeze(idIn('c'), neverAborted())).rejects.toMatchObject({
		code: 'hub/not-found'
	});
	expect(world.source.reads.at(-1)?.url).toMatch(mirror);
});

test('a service that was not started says so', async () => {
	const { world } = await setUp();
	const service = new LibraryService(world.clock, () => world.tab());
	expect(() => service.listings()).toThrow(expect.objectContaining({ code: 'bug' }));
});
