import { beforeEach, describe, expect, test } from 'vitest';
import type { EntryId, ModelId } from '../core/ids.ts';
import { Sha256HasherFactory } from '../platform/sha256-hasher.ts';
import { bytesOf, LibraryWorld, neverAborted } from '../testing/library-world.ts';
import { serveOnGithub, serveOnHub } from '../testing/serve-repository.ts';
import type { CatalogEntry } from './catalog/catalog-entry.ts';
import { hashPart } from './store/hash-part.ts';
import type { ModelLibraryManager } from './model-library-manager.ts';

// A new version of the runtime needs every model's library compiled anew; the weights, which are most of it, stay.

const never = neverAborted();
const quiet = (): void => undefined;
const repository = 'mlc-ai/Mini-q4f16_1-MLC';
const commit = 'a'.repeat(40);
const raw = 'https://raw.githubusercontent.com/mlc-ai/libs/';
const libraries = { 'v1/base': 'compiled for the first', 'v2/base': 'compiled for the second' };
const weights = {
	'mlc-chat-config.json': JSON.stringify({ model_type: 'llama', quantization: 'q4f16_1' }),
	'tokenizer.json': '{"model":{}}',
	'tensor-cache.json': JSON.stringify({
		records: [{ dataPath: 'params_shard_0.bin' }, { dataPath: 'params_shard_1.bin' }]
	}),
	'params_shard_0.bin': 'w'.repeat(20_000),
	'params_shard_1.bin': 'v'.repeat(10_000)
};

let world: LibraryWorld;

beforeEach(async () => {
	world = new LibraryWorld(new Sha256HasherFactory());
	await serveOnHub(world.source, {
		repository,
		commit,
		files: weights,
		lfs: (path) => path.endsWith('.bin')
	});
	const files = Object.entries(libraries).map(([abi, text]) => [`${abi}/mini.wasm`, text] as const);
	await serveOnGithub(world.source, {
		...{ repository: 'mlc-ai/libs', commit: 'c'.repeat(40), files: Object.fromEntries(files) }
	});
});

const file = (path: string, url: string | null = null) => ({
	path,
	url,
	bytes: null,
	sha256: null
});

/** As the catalog of a SAM with that version of the runtime offers the model. */
function offer(abi: keyof typeof libraries, rest: Partial<CatalogEntry> = {}): CatalogEntry {
	return {
		...{ id: 'mini' as EntryId, name: 'Mini', family: 'Mini', summary: 'Small.', engine: 'webllm' },
		...{ tasks: ['generate'], parameters: null, dtype: 'q4f16_1', contextTokens: 512 },
		...{ embedding: null, licence: null, needs: [], replaces: [] },
		...{ source: { host: 'huggingface', repository }, revision: commit, integrity: 'publisher' },
		files: [
			...['mlc-chat-config.json', 'tokenizer.json', 'tensor-cache.json'].map((path) => file(path)),
			...[file('params_shard_*.bin'), file('mini.wasm', `${raw}main/${abi}/mini.wasm`)]
		],
		modelLibrary: { abi, path: 'mini.wasm' },
		...rest
	};
}

/** The library of an app with that catalog. */
function app(...catalog: CatalogEntry[]): ModelLibraryManager {
	world.catalog.splice(0, Infinity, ...(catalog as never[]));
	return world.tab();
}

async function installedIds(library: ModelLibraryManager): Promise<ModelId[]> {
	return (await library.store.list()).map(({ model }) => model);
}

/** What the update of the one installed model is, and which addresses it is fetched from. */
async function update(library: ModelLibraryManager) {
	const [old] = await installedIds(library);
	const listing = (await library.listings()).find(({ updates }) => updates === old);
	const before = world.source.reads.length;
	await library.install(listing!.id, quiet, never);
	const urls = world.source.reads.slice(before).map(({ url }) => url);
	return { old: old!, id: listing!.id, urls };
}

async function libraryOf(library: ModelLibraryManager, id: ModelId, path = 'mini.wasm') {
	const files = await library.store.files(id);
	return new TextDecoder().decode(await bytesOf((await files.open(path))!.body));
}

const shards = (urls: readonly string[]) => urls.filter((url) => url.includes('params_shard'));

describe('when SAM has another version of the runtime', () => {
	test('a model of the catalog gets its new library, and nothing else is downloaded', async () => {
		const [first] = (await app(offer('v1/base')).listings()).map(({ id }) => id);
		await app(offer('v1/base')).install(first!, quiet, never);
		const library = app(offer('v2/base'));
		const before = world.source.reads.length;
		expect(await library.checkForUpdates(never)).toBe(1);
		const { old, id, urls } = await update(library);
		expect(id).not.toBe(old);
		expect([...new Set(urls)].filter((url) => !url.endsWith('/v2/base/mini.wasm'))).toEqual([]);
		expect(shards(world.source.reads.slice(before).map(({ url }) => url))).toEqual([]);
		expect(await libraryOf(library, id)).toBe(libraries['v2/base']);
		expect(await libraryOf(library, id, 'params_shard_0.bin')).toBe(weights['params_shard_0.bin']);
		const { spec } = await library.freeze(id, never);
		expect(spec.modelLibrary).toEqual({ abi: 'v2/base', path: 'mini.wasm' });
		expect(spec.revision).toBe(commit);
	});

	test('the old one is marked meanwhile, stays whole, and gives back its library alone', async () => {
		await app(offer('v1/base')).install(`mini@${commit.slice(0, 12)}` as ModelId, quiet, never);
		const library = app(offer('v2/base'));
		await library.checkForUpdates(never);
		const [old] = await installedIds(library);
		const listing = (await library.listings()).find(({ id }) => id === old);
		expect(listing).toMatchObject({ updateTo: 'mini', state: { at: 'installed' } });
		const { id } = await update(library);
		expect(await libraryOf(library, old!)).toBe(libraries['v1/base']);
		expect(await library.remove(old!, [])).toBe(libraries['v1/base'].length);
		expect(await libraryOf(library, id, 'params_shard_1.bin')).toBe(weights['params_shard_1.bin']);
	});

	test('a model that the user has added gets the new library as well', async () => {
		const others = (abi: keyof typeof libraries) => offer(abi, { id: 'other' as EntryId });
		const first = app(others('v1/base'));
		const finding = await first.inspect({ kind: 'text', text: repository }, never);
		const added = await first.add(finding.id, finding.variants[0]!.entry, quiet, never);
		await first.install(added, quiet, never);
		const library = app(others('v2/base'));
		expect(await library.checkForUpdates(never)).toBe(1);
		const { id, urls } = await update(library);
		expect(shards(urls)).toEqual([]);
		expect(await libraryOf(library, id)).toBe(libraries['v2/base']);
		expect((await library.freeze(id, never)).spec.modelLibrary?.abi).toBe('v2/base');
	});

	test('a model whose every byte the catalog states is offered beside the old one at once', async () => {
		const stated = async (abi: keyof typeof libraries): Promise<CatalogEntry> => {
			const utf8 = new TextEncoder();
			const texts = { ...weights, 'mini.wasm': libraries[abi] };
			const files = Object.entries(texts).map(async ([path, text]) => ({
				...{ path, url: path === 'mini.wasm' ? `${raw}${'c'.repeat(40)}/${abi}/${path}` : null },
				...{ bytes: text.length, sha256: await hashPart(utf8.encode(text)) }
			}));
			return offer(abi, { integrity: 'catalog', files: await Promise.all(files) });
		};
		const first = app(await stated('v1/base'));
		await first.install((await first.listings())[0]!.id, quiet, never);
		const library = app(await stated('v2/base'));
		expect((await library.listings()).map(({ updateTo }) => updateTo)).toContain('mini');
		const { urls } = await update(library);
		expect(new Set(urls)).toEqual(new Set([`${raw}${'c'.repeat(40)}/v2/base/mini.wasm`]));
	});
});

test('while the runtime is the same there is nothing to update, and the library is not read again', async () => {
	await app(offer('v1/base')).install(`mini@${commit.slice(0, 12)}` as ModelId, quiet, never);
	const library = app(offer('v1/base'));
	const before = world.source.reads.length;
	expect(await library.checkForUpdates(never)).toBe(0);
	expect(world.source.reads.slice(before).filter(({ url }) => url.endsWith('.wasm'))).toEqual([]);
	expect((await library.listings()).map(({ updateTo }) => updateTo)).toEqual([null]);
});
