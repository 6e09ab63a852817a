import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { EntryId, ModelId } from '../core/ids.ts';
import { nextTask } from '../core/next-task.ts';
import { Sha256HasherFactory } from '../platform/sha256-hasher.ts';
import {
	bytesOf,
	fileBody,
	hub,
	idIn,
	LibraryWorld,
	neverAborted
} from '../testing/library-world.ts';
import { MemoryDirectory } from '../testing/memory-directory.ts';
import { serveOnHub } from '../testing/serve-repository.ts';
import { directoryFiles } from './add/directory-files.ts';
import type { LocalFile } from './add/model-address.ts';
import type { CatalogEntry } from './catalog/catalog-entry.ts';
import { defaultDownloadSettings } from './download/download-settings.ts';
import { manifestStore } from './library-api.ts';
import type { ModelLibraryManager } from './model-library-manager.ts';

const alpha = idIn('alpha');
const beta = idIn('beta');
const never = neverAborted();
const quiet = (): void => undefined;
const weights = fileBody(10_000, 1);
const tokenizer = fileBody(5000, 2);

let world: LibraryWorld;

beforeEach(async () => {
	world = new LibraryWorld(new Sha256HasherFactory());
	await world.publish('alpha', { 'weights.bin': weights, 'tokenizer.json': tokenizer });
	await world.publish('beta', { 'vocab.json': tokenizer, 'weights.bin': fileBody(9000, 3) });
});

const install = (library: ModelLibraryManager, model = alpha) =>
	library.install(model, quiet, never);

async function find(library: ModelLibraryManager, model: ModelId) {
	return (await library.listings()).find(({ id }) => id === model);
}

async function read(library: ModelLibraryManager, path: string, model = alpha) {
	return bytesOf((await (await library.store.files(model)).open(path))!.body);
}

/** Lets everything that need not wait for the clock happen. */
async function settle(): Promise<void> {
	for (let i = 0; i < 30; i++) await nextTask();
}

describe('the queue', () => {
	test('goes on after a restart with what was under way or waiting, not with what was paused', async () => {
		await world.publish('gamma', { 'weights.bin': fileBody(500, 4) });
		world.source.fail(`${hub}alpha/weights.bin`, { kind: 'stall', at: 9000 });
		const locks = world.locks.anotherTab();
		const closed = world.tab(undefined, locks);
		install(closed).catch(quiet);
		await settle();
		install(closed, beta).catch(quiet);
		install(closed, idIn('gamma')).catch(quiet);
		await settle();
		await closed.pause(idIn('gamma'));
		expect((await find(closed, beta))?.state).toMatchObject({ at: 'queued', place: 2 });

		locks.die();
		const next = world.tab();
		await next.resumeAll();
		await vi.waitFor(async () => expect(await next.isInstalled(beta)).toBe(true));
		expect(await read(next, 'weights.bin')).toEqual(weights);
		expect((await find(next, idIn('gamma')))?.state).toMatchObject({ at: 'paused', error: null });
	});

	test('waits for the network without giving up, and goes on where it was', async () => {
		const library = world.tab();
		world.connectivity.setOnline(false);
		const running = install(library);
		await settle();
		expect(world.source.reads).toEqual([]);
		expect((await find(library, alpha))?.state).toMatchObject({
			at: 'queued',
			waitsFor: 'network'
		});
		world.connectivity.setOnline(true);
		await running;
		expect((await find(library, alpha))?.state).toMatchObject({ at: 'installed' });
	});

	test('of two tabs that start the same download one fetches it, and both have it', async () => {
		const [one, two] = [world.tab(), world.tab()];
		await Promise.all([install(one), install(two)]);
		expect(world.source.reads).toHaveLength(2);
		expect(await two.isInstalled(alpha)).toBe(true);
	});

	test('a pause of what waits takes nothing from what runs', async () => {
		world.source.fail(`${hub}alpha/weights.bin`, { kind: 'stall', at: 9000 });
		const library = world.tab();
		install(library).catch(quiet);
		const waiting = install(library, beta);
		await settle();
		await library.pause(beta);
		await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
		expect((await find(library, alpha))?.state).toMatchObject({ at: 'downloading' });
		await library.pause(alpha);
	});
});

describe('no room', () => {
	test('at any write pauses; with room the rest is fetched and nothing twice', async () => {
		for (let fits = 0; fits < weights.byteLength + tokenizer.byteLength; fits += 4096) {
			const small = new LibraryWorld(new Sha256HasherFactory());
			await small.publish('alpha', { 'weights.bin': weights, 'tokenizer.json': tokenizer });
			vi.spyOn(small.blobs, 'hasRoom').mockResolvedValue(true);
			small.blobs.setQuota(fits);
			const library = small.tab();
			await expect(install(library)).rejects.toMatchObject({ code: 'storage/quota' });
			expect(await small.records.count(manifestStore)).toBe(0);
			small.blobs.setQuota(1_000_000);
			await install(library);
			expect(await read(library, 'weights.bin')).toEqual(weights);
			expect(small.blobs.usage).toBe(15_000);
		}
	});

	test('counts only what is not here yet', async () => {
		const library = world.tab();
		await install(library);
		const asked = vi.spyOn(world.blobs, 'hasRoom');
		await install(library, beta);
		expect(asked.mock.calls).toEqual([[9000]]);
	});
});

describe('what the browser has cleared', () => {
	const parts = (path: string): string[] => {
		const file = world.catalog.flatMap(({ files }) => files).find((each) => each.path === path)!;
		return [0, 1, 2].map((index) => `${file.sha256}/${index}`);
	};

	test('is found at the start, shown as damage, and only that is fetched again', async () => {
		await install(world.tab());
		await world.blobs.delete(parts('weights.bin')[1]!);
		const library = world.tab();
		expect(await library.audit()).toEqual([alpha]);
		expect((await find(library, alpha))?.state).toEqual({
			...{ at: 'paused', done: 10_904, total: 15_000, damagedBytes: 4096, error: null }
		});
		await expect(library.store.files(alpha)).rejects.toMatchObject({
			code: 'library/not-installed'
		});
		const before = world.source.reads.length;
		await install(library);
		expect(await read(library, 'weights.bin')).toEqual(weights);
		expect(world.source.reads.slice(before)).toMatchObject([{ from: 4096 }]);
	});

	test('all of it: everything is fetched again', async () => {
		await install(world.tab());
		world.blobs.evict();
		const library = world.tab();
		expect(await library.audit()).toEqual([alpha]);
		await install(library);
		expect(await read(library, 'tokenizer.json')).toEqual(tokenizer);
	});

	test('an audit that finds all in its place changes nothing', async () => {
		const library = world.tab();
		await install(library);
		expect(await library.audit()).toEqual([]);
		expect(await library.isInstalled(alpha)).toBe(true);
	});

	test('a damaged file that two models share is repaired for both', async () => {
		const library = world.tab();
		await install(library);
		await install(library, beta);
		world.blobs.corrupt(parts('tokenizer.json')[0]!, (body) => body.fill(9, 100, 101));
		expect(await library.verify(beta, quiet, never)).toBe(1);
		expect(await library.isInstalled(alpha)).toBe(true);
		expect(await read(library, 'tokenizer.json')).toEqual(tokenizer);
		expect(await read(library, 'vocab.json', beta)).toEqual(tokenizer);
		expect(await library.verify(alpha, quiet, never)).toBe(0);
	});
});

describe('a model whose files only its publisher knows', () => {
	const repository = 'acme/mini';
	const [first, second] = ['a'.repeat(40), 'b'.repeat(40)] as [string, string];
	const id = (commit: string) => idIn('mini', commit.slice(0, 12));

	const serve = (commit: string, graph: string) =>
		serveOnHub(world.source, {
			...{ repository, commit, files: { 'config.json': '{}', 'onnx/model.onnx': graph } },
			lfs: (path) => path.startsWith('onnx/')
		});

	beforeEach(async () => {
		const file = (path: string) => ({ path, url: null, bytes: null, sha256: null });
		const entry: CatalogEntry = {
			...world.catalog[0]!,
			...{ id: 'mini' as EntryId, name: 'Mini', revision: 'main', integrity: 'publisher' },
			source: { host: 'huggingface', repository },
			files: [file('config.json'), file('onnx/*')]
		};
		world.catalog.push(entry as never);
		await serve(first, 'first graph');
	});

	test('is asked for, frozen to a commit, and installed as that', async () => {
		const library = world.tab();
		expect(await find(library, idIn('mini', 'main'))).toMatchObject({ frozen: null, bytes: null });
		const frozen = await library.freeze(idIn('mini', 'main'), never);
		expect(frozen.spec).toMatchObject({ id: id(first), revision: first });
		expect(frozen.spec.files.map(({ path }) => path)).toEqual(['config.json', 'onnx/model.onnx']);
		expect(await find(library, id(first))).toMatchObject({ frozen, state: { at: 'available' } });
		await install(library, id(first));
		expect(new TextDecoder().decode(await read(library, 'onnx/model.onnx', id(first)))).toBe(
			'first graph'
		);
	});

	test('what was frozen days ago is downloaded as it was then, though the branch has moved', async () => {
		await world.tab().freeze(idIn('mini', 'main'), never);
		await serve(second, 'second graph');
		const library = world.tab();
		await install(library, id(first));
		expect((await library.store.list()).map(({ spec }) => spec.revision)).toEqual([first]);
	});

	test('a newer revision is found when the publisher is asked, and stands beside the old one', async () => {
		const library = world.tab();
		await install(library, idIn('mini', 'main'));
		expect(await library.checkForUpdates(never)).toBe(0);
		await serve(second, 'second graph');
		expect(await library.checkForUpdates(never)).toBe(1);
		expect(await find(library, id(second))).toMatchObject({
			...{ updates: id(first), state: { at: 'available' } }
		});
		expect(await find(library, id(first))).toMatchObject({ updateTo: 'mini' });
		await install(library, id(second));
		for (const [commit, text] of [
			[first, 'first graph'],
			[second, 'second graph']
		] as const)
			expect(new TextDecoder().decode(await read(library, 'onnx/model.onnx', id(commit)))).toBe(
				text
			);
		expect(await library.remove(id(first), [])).toBe('first graph'.length);
		expect(await library.isInstalled(id(second))).toBe(true);
	});

	test('is not frozen without a network, and nothing is kept of the try', async () => {
		const api = `https://huggingface.co/api/models/${repository}/revision/main`;
		world.source.fail(api, { kind: 'offline' });
		const library = world.tab();
		await expect(install(library, idIn('mini', 'main'))).rejects.toMatchObject({
			code: 'download/offline'
		});
		expect(await find(library, idIn('mini', 'main'))).toMatchObject({ state: { at: 'available' } });
	});

	test('comes from a mirror alone when the official host is not to be asked', async () => {
		const library = world.tab();
		const mirrors = ['https://mirror.test/'];
		await library.configure({ ...defaultDownloadSettings, mirrors, officialHost: false });
		await expect(install(library, idIn('mini', 'main'))).rejects.toMatchObject({
			code: 'hub/not-found'
		});
		const hosts = new Set(world.source.reads.map(({ url }) => new URL(url).host));
		expect(hosts).toEqual(new Set(['mirror.test']));
	});
});

describe('files of this machine', () => {
	const text = (path: string, body: string): LocalFile => ({ path, file: new File([body], path) });
	const folder = [
		text(
			'config.json',
			JSON.stringify({
				model_type: 'bert',
				architectures: ['BertModel'],
				hidden_size: 32,
				max_position_embeddings: 64
			})
		),
		text('tokenizer.json', '{"version":"1.0"}'),
		text('tokenizer_config.json', '{}'),
		text('onnx/model_quantized.onnx', 'weights of eight bits')
	];

	async function add(library: ModelLibraryManager, files: readonly LocalFile[]) {
		const finding = await library.inspect({ kind: 'files', files }, never);
		return library.add(finding.id, finding.variants[0]!.entry, quiet, never);
	}

	test('are hashed, stored and read back, and no host is asked', async () => {
		const library = world.tab();
		const id = await add(library, folder);
		await install(library, id);
		expect(new TextDecoder().decode(await read(library, 'onnx/model_quantized.onnx', id))).toBe(
			'weights of eight bits'
		);
		expect(await find(library, id)).toMatchObject({
			added: true,
			frozen: { about: { origin: 'files', integrity: 'computed' } }
		});
		expect(world.source.reads).toEqual([]);
	});

	test('are needed again after a reload, and given again it goes on', async () => {
		const id = await add(world.tab(), folder);
		const library = world.tab();
		await expect(install(library, id)).rejects.toMatchObject({ code: 'add/files-needed' });
		expect((await find(library, id))?.state).toMatchObject({
			...{ at: 'paused', error: { code: 'add/files-needed' } }
		});
		await library.giveFiles(id, folder);
		await install(library, id);
		expect(await library.isInstalled(id)).toBe(true);
	});

	test('leave this machine for another one by an export, under the same digests', async () => {
		const here = world.tab();
		const id = await add(here, folder);
		await install(here, id);
		const directory = new MemoryDirectory();
		await here.exportTo(id, directory.handle, quiet, never);

		const there = new LibraryWorld(new Sha256HasherFactory()).tab();
		const exported: LocalFile[] = [];
		for await (const file of directoryFiles(directory.handle)) exported.push(file);
		const arrived = await add(there, exported);
		await install(there, arrived);
		const digests = async (library: ModelLibraryManager, model: ModelId) =>
			(await library.store.manifest(model))?.files.map(({ sha256 }) => sha256);
		expect(await digests(there, arrived)).toEqual(await digests(here, id));
		expect(arrived).toBe(id);
	});
});
