import { beforeEach, describe, expect, test } from 'vitest';
import { tinyAdapter } from '../../../../tests/fixtures/tiny-adapters/tiny-adapter.ts';
import { Sha256HasherFactory } from '../../platform/sha256-hasher.ts';
import { LibraryWorld, neverAborted } from '../../testing/library-world.ts';
import { readAll } from '../../testing/read-all.ts';
import { serveOnHub } from '../../testing/serve-repository.ts';
import { fromAddress } from './from-address.ts';

const repository = 'acme/pirate';
const commit = '0123456789'.repeat(4);
const site = 'https://models.example/pirate/';

let world: LibraryWorld;
let library: ReturnType<LibraryWorld['tab']>;
beforeEach(() => {
	world = new LibraryWorld(new Sha256HasherFactory());
	library = world.tab();
});

const find = (address: string) => fromAddress(address, library, neverAborted());
/** The text of files is enough where nobody reads them as an adapter. */
const publish = (...paths: string[]) =>
	serveOnHub(world.source, {
		...{ repository, commit },
		files: Object.fromEntries(paths.map((path) => [path, `This is ${path}.`])),
		lfs: (path) => path.endsWith('.safetensors')
	});
const fetched = (): string[] =>
	world.source.reads.map(({ url }) => url).filter((url) => url.includes('/resolve/'));

describe('an adapter on the hub', () => {
	test('is found at its commit, and nothing of it is fetched', async () => {
		await publish('adapter_config.json', 'adapter_model.safetensors', 'README.md');
		const found = await find(repository);
		expect(found).toMatchObject([
			{ folder: '', name: 'pirate', source: 'acme/pirate @ 012345678901', bytes: 62 }
		]);
		expect(fetched()).toEqual([]);
	});

	test('is fetched file by file, each once, and tells how far it is', async () => {
		await publish('adapter_config.json', 'adapter_model.safetensors');
		const [found] = await find(repository);
		const heard: (readonly [number, number | null])[] = [];
		const files = found!.files((done, total) => heard.push([done, total]), neverAborted());
		for (const path of [...files.paths, ...files.paths]) {
			const text = new TextDecoder().decode(await readAll((await files.open(path))!.body));
			expect(text).toBe(`This is ${path}.`);
		}
		expect(fetched()).toHaveLength(2);
		expect(heard.at(-1)).toEqual([62, 62]);
		expect(await files.open('README.md')).toBeUndefined();
	});

	test('goes on where it was interrupted: what is whole stays, what is not is asked for from there', async () => {
		const paths = ['adapter_config.json', 'adapter_model.safetensors'];
		await publish(...paths);
		const [found] = await find(repository);
		const weights = `https://huggingface.co/${repository}/resolve/${commit}/adapter_model.safetensors`;
		const stop = new AbortController();
		const heard: number[] = [];
		world.source.fail(weights, { kind: 'stall', at: 10 });
		const first = found!.files((done) => heard.push(done), stop.signal);
		await first.open('adapter_config.json');
		const opening = first.open('adapter_model.safetensors');
		await expect.poll(() => heard.at(-1)).toBe(28 + 10);
		stop.abort();
		await expect(opening).rejects.toMatchObject({ code: 'cancelled' });
		const again = found!.files((done) => heard.push(done), neverAborted());
		for (const path of paths) {
			const text = new TextDecoder().decode(await readAll((await again.open(path))!.body));
			expect(text).toBe(`This is ${path}.`);
		}
		expect(world.source.reads.slice(-2)).toEqual([
			{ url: weights, from: 0 },
			{ url: weights, from: 10 }
		]);
		expect(fetched()).toHaveLength(3);
		expect(heard).toEqual(heard.toSorted((a, b) => a - b));
	});

	test('is one of several in its repository', async () => {
		await publish('checkpoint-20/adapter_config.json', 'checkpoint-3/adapter_config.json');
		const found = await find(`${repository}@${commit}`);
		expect(found.map(({ name }) => name)).toEqual(['pirate checkpoint-3', 'pirate checkpoint-20']);
	});

	test('is the one whose folder the address leads to', async () => {
		await publish('checkpoint-20/adapter_config.json', 'checkpoint-3/adapter_config.json');
		const page = `https://huggingface.co/${repository}`;
		expect(await find(`${page}/tree/main/checkpoint-3`)).toMatchObject([
			{ source: 'acme/pirate/checkpoint-3 @ 012345678901' }
		]);
		await expect(find(`${page}/tree/main/checkpoint-4`)).rejects.toMatchObject({
			code: 'adapter/not-peft',
			details: { reason: 'adapter_config.json is missing in checkpoint-4 of acme/pirate' }
		});
	});

	test('whose bytes are others than the hub lists is refused', async () => {
		await publish('adapter_config.json', 'adapter_model.safetensors');
		const [found] = await find(repository);
		const weights = `https://huggingface.co/${repository}/resolve/${commit}/adapter_model.safetensors`;
		world.source.fail(weights, { kind: 'flip', at: 3 });
		const files = found!.files(() => undefined, neverAborted());
		await expect(files.open('adapter_model.safetensors')).rejects.toMatchObject({
			code: 'download/digest-mismatch'
		});
	});

	test('is told from a model', async () => {
		await publish('config.json', 'model.safetensors');
		await expect(find(repository)).rejects.toMatchObject({
			details: { reason: 'it is a whole model; models are added in Core Engines' }
		});
	});
});

describe('an adapter in a folder of the web', () => {
	const serve = (files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>): void => {
		for (const [path, body] of files) world.source.serve(site + path, { body });
	};

	test('is found by the names that PEFT gives', async () => {
		serve(tinyAdapter());
		const [found, ...others] = await find(site);
		expect(others).toEqual([]);
		expect(found).toMatchObject({ name: 'pirate', source: 'models.example/pirate' });
		expect(found?.files(() => undefined, neverAborted()).paths).toEqual([
			'adapter_config.json',
			'adapter_model.safetensors'
		]);
	});

	test('is found with the shards that its index names', async () => {
		const sharded = tinyAdapter({ shards: 3 });
		serve(sharded);
		const [found] = await find(site);
		const files = found!.files(() => undefined, neverAborted());
		expect(files.paths.toSorted()).toEqual([...sharded.keys()].toSorted());
		for (const [path, body] of sharded)
			expect(await readAll((await files.open(path))!.body)).toEqual(body);
	});

	test('never leads to another folder by its index', async () => {
		const text = JSON.stringify({
			weight_map: { a: '../secret.safetensors', b: 'https://x/y', c: 7 }
		});
		serve(tinyAdapter());
		world.source.serve(`${site}adapter_model.safetensors.index.json`, {
			body: new TextEncoder().encode(text)
		});
		world.source.fail(`${site}adapter_model.safetensors`, { kind: 'status', status: 404 });
		const [found] = await find(site);
		expect(found?.files(() => undefined, neverAborted()).paths).toEqual([
			'adapter_config.json',
			'adapter_model.safetensors.index.json'
		]);
	});

	test('is missed where there is nothing', async () => {
		await expect(find(site)).rejects.toMatchObject({
			code: 'adapter/not-peft',
			details: { reason: 'adapter_config.json is missing at models.example/pirate' }
		});
	});
});

test('what is no address is told as one of an adapter', async () => {
	await expect(find('pirate')).rejects.toMatchObject({
		code: 'adapter/bad-address',
		details: { address: 'pirate', reason: 'the name of its owner is missing, as in owner/name' }
	});
});
