import { describe, expect, test, vi } from 'vitest';
import type { ModelId, Sha256 } from '../core/ids.ts';
import { nextTask } from '../core/next-task.ts';
import { Sha256HasherFactory } from '../platform/sha256-hasher.ts';
import { CrashPoint } from '../testing/crash-point.ts';
import {
	bytesOf,
	fileBody,
	hub,
	idIn,
	LibraryWorld,
	neverAborted
} from '../testing/library-world.ts';
import { isSimulatedCrash } from '../testing/simulated-crash.ts';
import { downloadStore, wantedStore } from './library-api.ts';
import type { ModelLibraryManager } from './model-library-manager.ts';

const hashers = new Sha256HasherFactory();
const alpha = idIn('alpha');
const beta = idIn('beta');
const quiet = (): void => undefined;

const weights = fileBody(10_000, 1);
const tokenizer = fileBody(5_000, 2);

async function worldWithAlpha(): Promise<LibraryWorld> {
	const world = new LibraryWorld(hashers);
	await world.publish('alpha', { 'weights.bin': weights, 'tokenizer.json': tokenizer });
	return world;
}

function install(library: ModelLibraryManager, model = alpha): Promise<void> {
	return library.install(model, quiet, neverAborted());
}

/** Starts an install of alpha and resolves when that many bytes are here. */
async function installUntil(library: ModelLibraryManager, bytes: number) {
	const reached = Promise.withResolvers<null>();
	const running = library.install(
		alpha,
		(done) => {
			if (done >= bytes) reached.resolve(null);
		},
		neverAborted()
	);
	running.catch(quiet);
	await reached.promise;
	return { running };
}

async function stateOf(library: ModelLibraryManager, model = alpha) {
	return (await library.listings()).find(({ id }) => id === model)!.state;
}

async function read(library: ModelLibraryManager, path: string, model = alpha) {
	const file = await (await library.store.files(model)).open(path);
	return bytesOf(file!.body);
}

describe('install', () => {
	test('brings every byte here, in parts, and makes the model visible', async () => {
		const world = await worldWithAlpha();
		const library = world.tab();
		expect(await stateOf(library)).toEqual({ at: 'available' });
		await install(library);
		expect(await stateOf(library)).toEqual({
			at: 'installed',
			bytes: 15_000,
			installedAt: world.clock.now(),
			verifiedAt: world.clock.now()
		});
		expect(await read(library, 'weights.bin')).toEqual(weights);
		expect(await read(library, 'tokenizer.json')).toEqual(tokenizer);
		expect(await world.blobs.keys('')).toHaveLength(5);
		expect(await world.records.count(downloadStore)).toBe(0);
		expect(world.records.durabilities.at(-1)).toBe('strict');
	});

	test('tells the bytes of all files as one rising number', async () => {
		const world = await worldWithAlpha();
		const heard: number[] = [];
		await world.tab().install(
			alpha,
			(done, total) => {
				expect(total).toBe(15_000);
				heard.push(done);
			},
			neverAborted()
		);
		expect(heard).toEqual([...heard].sort((a, b) => a - b));
		expect(heard.at(-1)).toBe(15_000);
	});

	test('does nothing for what is installed or built in', async () => {
		const world = await worldWithAlpha();
		await world.publish('builtin', {});
		const library = world.tab();
		await install(library);
		const reads = world.source.reads.length;
		await install(library);
		await install(library, 'builtin' as ModelId);
		expect(world.source.reads).toHaveLength(reads);
		expect(await stateOf(library, 'builtin' as ModelId)).toEqual({ at: 'built-in' });
		expect(await library.isInstalled('builtin' as ModelId)).toBe(true);
	});

	test('refuses a model that no catalog has', async () => {
		const world = await worldWithAlpha();
		await expect(install(world.tab(), beta)).rejects.toMatchObject({
			code: 'library/not-installed'
		});
	});

	test('fetches a file only once for two models that share it', async () => {
		const world = await worldWithAlpha();
		await world.publish('beta', { 'vocab.json': tokenizer, 'weights.bin': fileBody(100, 9) });
		const library = world.tab();
		await install(library);
		await install(library, beta);
		expect(world.source.reads.map(({ url }) => url)).not.toContain(`${hub}beta/vocab.json`);
		expect(await read(library, 'vocab.json', beta)).toEqual(tokenizer);
	});

	test('downloads one model at a time', async () => {
		const world = await worldWithAlpha();
		await world.publish('beta', { 'weights.bin': fileBody(100, 9) });
		world.source.fail(`${hub}alpha/weights.bin`, { kind: 'stall', at: 5000 });
		const library = world.tab();
		const { running } = await installUntil(library, 4096);
		const second = install(library, beta);
		await nextTask();
		expect(world.source.reads.map(({ url }) => url)).toEqual([`${hub}alpha/weights.bin`]);
		await library.pause(alpha);
		await expect(running).rejects.toMatchObject({ code: 'cancelled' });
		await second;
		expect(await library.isInstalled(beta)).toBe(true);
	});

	test('survives a crash at every write: installed after the next start, no part fetched twice more', async () => {
		const crashes = await CrashPoint.exhaust(async (crash) => {
			const world = await worldWithAlpha();
			const died = await install(world.tab(crash)).then(
				() => false,
				(error: unknown) => isSimulatedCrash(error)
			);
			expect(died).toBe(crash.crashed);
			crash.revive();

			const next = world.tab(crash);
			const before = await next.store.manifest(alpha);
			if (before) expect(await read(next, 'weights.bin')).toEqual(weights);
			const fetched = world.source.reads.length;
			await install(next);
			expect(await read(next, 'weights.bin')).toEqual(weights);
			expect(await read(next, 'tokenizer.json')).toEqual(tokenizer);
			// One read a file, each from the first part that is not safe.
			const again = world.source.reads.slice(fetched);
			expect(new Set(again.map(({ url }) => url)).size).toBe(again.length);
			expect(again.every(({ from }) => from % world.partBytes === 0)).toBe(true);
			expect(await next.collectOrphans()).toBe(0);
			expect(await world.records.count(downloadStore)).toBe(0);
		});
		expect(crashes).toBeGreaterThan(20);
	});

	test('shows nothing before the manifest is written, wherever it dies', async () => {
		const crashes = await CrashPoint.exhaust(async (crash) => {
			const world = await worldWithAlpha();
			await install(world.tab(crash)).catch(quiet);
			const library = world.tab();
			const whole = (await world.records.count(wantedStore)) === 0 && crash.effects > 3;
			expect(await library.isInstalled(alpha)).toBe(whole);
			if (whole) return;
			const { at } = await stateOf(library);
			expect(['available', 'queued', 'downloading']).toContain(at);
			await expect(library.store.files(alpha)).rejects.toMatchObject({
				code: 'library/not-installed'
			});
		});
		expect(crashes).toBeGreaterThan(20);
	});
});

describe('pause and failure', () => {
	test('a paused download keeps its parts and goes on from there, also after a restart', async () => {
		const world = await worldWithAlpha();
		world.source.fail(`${hub}alpha/weights.bin`, { kind: 'stall', at: 9000 });
		const library = world.tab();
		const { running } = await installUntil(library, 8192);
		expect(await stateOf(library)).toMatchObject({ at: 'downloading', total: 15_000 });
		await library.pause(alpha);
		await expect(running).rejects.toMatchObject({ code: 'cancelled' });
		expect(await stateOf(library)).toEqual({
			at: 'paused',
			done: 8192,
			total: 15_000,
			damagedBytes: 0,
			error: null
		});

		await install(world.tab());
		expect(world.source.reads.map(({ from }) => from)).toEqual([0, 8192, 0]);
	});

	test('a model for which there is no room is not begun, and says what it needs', async () => {
		const world = await worldWithAlpha();
		world.blobs.setQuota(9000);
		const library = world.tab();
		await expect(install(library)).rejects.toMatchObject({
			code: 'library/no-room',
			details: { name: 'alpha', bytes: 15_000 }
		});
		expect(world.source.reads).toEqual([]);
		expect(await stateOf(library)).toMatchObject({ error: { code: 'library/no-room' } });
		world.blobs.setQuota(1_000_000);
		await install(library);
		expect(await stateOf(library)).toMatchObject({ at: 'installed' });
	});

	test('a disk that fills up meanwhile pauses with the reason, and room lets it go on', async () => {
		const world = await worldWithAlpha();
		vi.spyOn(world.blobs, 'hasRoom').mockResolvedValue(true);
		world.blobs.setQuota(9000);
		const library = world.tab();
		await expect(install(library)).rejects.toMatchObject({ code: 'storage/quota' });
		expect(await stateOf(library)).toMatchObject({
			at: 'paused',
			done: 8192,
			error: { code: 'storage/quota' }
		});
		world.blobs.setQuota(1_000_000);
		await install(library);
		expect(await stateOf(library)).toMatchObject({ at: 'installed' });
	});

	test('the listener hears of the start, the end and the failure', async () => {
		const world = await worldWithAlpha();
		const library = world.tab();
		const heard: ModelId[] = [];
		const stop = library.onChange((model) => heard.push(model));
		await install(library);
		expect(new Set(heard)).toEqual(new Set([alpha]));
		stop();
		const count = heard.length;
		await library.remove(alpha, []);
		expect(heard).toHaveLength(count);
	});
});

describe('verify', () => {
	const key = (sha256: Sha256, index: number): string => `${sha256}/${index}`;

	test('notes the time when all is well', async () => {
		const world = await worldWithAlpha();
		const library = world.tab();
		await install(library);
		world.clock.jump(5000);
		expect(await library.verify(alpha, quiet, neverAborted())).toBe(0);
		expect(await stateOf(library)).toMatchObject({ verifiedAt: world.clock.now() });
	});

	test('finds a flipped byte and a missing part, and fetches them again', async () => {
		const world = await worldWithAlpha();
		const library = world.tab();
		await install(library);
		const [first, second] = world.catalog[0]!.files;
		world.blobs.corrupt(key(first!.sha256, 1), (body) => body.fill(7, 10, 11));
		await world.blobs.delete(key(second!.sha256, 1));
		expect(await library.verify(alpha, quiet, neverAborted())).toBe(2);
		expect(await read(library, 'weights.bin')).toEqual(weights);
		expect(await read(library, 'tokenizer.json')).toEqual(tokenizer);
		expect(world.source.reads.slice(2).map(({ from }) => from)).toEqual([4096, 4096]);
	});

	test('a model that cannot be repaired now is paused as damaged and cannot be loaded', async () => {
		const world = await worldWithAlpha();
		const library = world.tab();
		await install(library);
		world.blobs.corrupt(key(world.catalog[0]!.files[0]!.sha256, 0), (body) => body.fill(0));
		world.source.fail(`${hub}alpha/weights.bin`, { kind: 'status', status: 404 });
		await expect(library.verify(alpha, quiet, neverAborted())).rejects.toMatchObject({
			code: 'storage/corrupt',
			message: 'Something stored is damaged: 1 part of alpha.'
		});
		expect(await stateOf(library)).toMatchObject({
			at: 'paused',
			error: { code: 'storage/corrupt' }
		});
		await expect(library.store.files(alpha)).rejects.toMatchObject({
			code: 'library/not-installed'
		});
		await install(library);
		expect(await read(library, 'weights.bin')).toEqual(weights);
	});

	test('a repair survives a crash at every write', async () => {
		const crashes = await CrashPoint.exhaust(async (crash) => {
			const world = await worldWithAlpha();
			await install(world.tab());
			world.blobs.corrupt(key(world.catalog[0]!.files[0]!.sha256, 1), (body) => body.fill(0));
			await world.tab(crash).verify(alpha, quiet, neverAborted()).catch(quiet);
			crash.revive();
			const next = world.tab(crash);
			await install(next);
			await next.verify(alpha, quiet, neverAborted());
			expect(await read(next, 'weights.bin')).toEqual(weights);
		});
		expect(crashes).toBeGreaterThan(6);
	});
});

describe('remove', () => {
	test('refuses while something uses the model', async () => {
		const world = await worldWithAlpha();
		const library = world.tab();
		await install(library);
		await expect(library.remove(alpha, ['the chat', 'the trial'])).rejects.toMatchObject({
			code: 'library/in-use',
			message: 'The model "alpha" is in use by the chat, the trial.'
		});
		expect(await library.isInstalled(alpha)).toBe(true);
	});

	test('keeps the parts that another model uses and tells the bytes given back', async () => {
		const world = await worldWithAlpha();
		await world.publish('beta', { 'vocab.json': tokenizer });
		const library = world.tab();
		await install(library);
		await install(library, beta);
		expect(await library.remove(alpha, [])).toBe(10_000);
		expect(await read(library, 'vocab.json', beta)).toEqual(tokenizer);
		expect(await library.remove(beta, [])).toBe(5000);
		expect(world.blobs.usage).toBe(0);
	});

	test('stops a download that is running and drops what it had', async () => {
		const world = await worldWithAlpha();
		world.source.fail(`${hub}alpha/weights.bin`, { kind: 'stall', at: 9000 });
		const library = world.tab();
		const { running } = await installUntil(library, 8192);
		expect(await library.remove(alpha, [])).toBe(8192);
		await expect(running).rejects.toMatchObject({ code: 'cancelled' });
		expect(await stateOf(library)).toEqual({ at: 'available' });
		expect(world.blobs.usage).toBe(0);
	});

	test('leaves parts that a waiting install of another model will find', async () => {
		const world = await worldWithAlpha();
		await world.publish('beta', { 'vocab.json': tokenizer });
		const library = world.tab();
		await install(library);
		const waiting = install(library, beta);
		await library.remove(alpha, []);
		await waiting;
		expect(await read(library, 'vocab.json', beta)).toEqual(tokenizer);
	});

	test('after a crash at any write the model is whole or gone, and the rest is collected', async () => {
		const crashes = await CrashPoint.exhaust(async (crash) => {
			const world = await worldWithAlpha();
			await install(world.tab());
			await world.tab(crash).remove(alpha, []).catch(quiet);
			crash.revive();
			const next = world.tab(crash);
			if (await next.isInstalled(alpha)) expect(await read(next, 'weights.bin')).toEqual(weights);
			else {
				await next.collectOrphans();
				expect(world.blobs.usage).toBe(0);
			}
		});
		expect(crashes).toBe(12);
	});
});

test('collecting orphans touches neither models, nor downloads, nor what is no model part', async () => {
	const world = await worldWithAlpha();
	await world.publish('beta', { 'weights.bin': fileBody(20_000, 3) });
	const library = world.tab();
	await install(library);
	world.source.fail(`${hub}beta/weights.bin`, { kind: 'status', status: 404 });
	await expect(install(library, beta)).rejects.toMatchObject({ code: 'download/http' });
	await world.blobs.put(`${'ab'.repeat(32)}/0`, fileBody(10));
	await world.blobs.put('adapters/backup', fileBody(10));
	expect(await library.collectOrphans()).toBe(1);
	expect(await world.blobs.keys('')).toContain('adapters/backup');
	expect(await read(library, 'weights.bin')).toEqual(weights);
});
