import { describe, expect, test } from 'vitest';
import type { EntryId, Sha256 } from '../../core/ids.ts';
import { hashText } from '../../core/text-hash.ts';
import { ScriptedRangeSource } from '../../testing/scripted-range-source.ts';
import { serveOnGithub, serveOnHub } from '../../testing/serve-repository.ts';
import type { CatalogEntry, CatalogFile } from '../catalog/catalog-entry.ts';
import { defaultDownloadSettings } from '../download/download-settings.ts';
import { freezeEntry } from './freeze-entry.ts';
import { HttpModelHub } from './http-model-hub.ts';
import { PrefetchedFiles } from './prefetched-files.ts';
import { readWhole } from './read-whole.ts';

const repository = 'acme/mini';
const commit = '0123456789'.repeat(4);
const libraries = { repository: 'acme/libs', commit: 'fedcba9876'.repeat(4) };
const wasmOnMain = 'https://raw.githubusercontent.com/acme/libs/main/v1/mini.wasm';
const wasmAtCommit = `https://raw.githubusercontent.com/acme/libs/${libraries.commit}/v1/mini.wasm`;
const published = {
	'README.md': '# Mini',
	'config.json': '{"a":1}',
	'tokenizer.json': '{"b":2}',
	'onnx/model_q4.onnx': 'four bits',
	'onnx/model_q4.onnx_data': 'more',
	'onnx/model_q8.onnx': 'eight bits'
};
const { signal } = new AbortController();
const digest = 'd'.repeat(64) as Sha256;

function wanted(path: string, change: Partial<CatalogFile> = {}): CatalogFile {
	return { path, url: null, bytes: null, sha256: null, ...change };
}

function entryWith(change: Partial<CatalogEntry>): CatalogEntry {
	return {
		id: 'mini-q4' as EntryId,
		name: 'Mini',
		family: 'Mini',
		summary: 'Small.',
		engine: 'transformers',
		tasks: ['generate'],
		parameters: 1000,
		dtype: 'q4',
		contextTokens: 2048,
		embedding: null,
		licence: { name: 'MIT', url: 'https://opensource.org/license/mit' },
		source: { host: 'huggingface', repository },
		revision: 'main',
		integrity: 'publisher',
		files: [],
		needs: ['webgpu'],
		replaces: [],
		modelLibrary: null,
		...change
	};
}

async function world() {
	const network = new ScriptedRangeSource();
	const isLarge = (path: string) => path.startsWith('onnx/');
	await serveOnHub(network, { repository, commit, files: published, lfs: isLarge });
	await serveOnGithub(network, { ...libraries, files: { 'v1/mini.wasm': 'code' } });
	const hub = new HttpModelHub({ ranges: network, settings: () => defaultDownloadSettings });
	const freeze = (change: Partial<CatalogEntry>) => freezeEntry(entryWith(change), { hub }, signal);
	const pathsOf = async (...paths: string[]) => {
		const { spec } = await freeze({ files: paths.map((path) => wanted(path)) });
		return spec.files.map(({ path }) => path);
	};
	return { network, hub, freeze, pathsOf };
}

const onHub = (path: string) => `https://huggingface.co/${repository}/resolve/${commit}/${path}`;

describe('a model that its publisher vouches for', () => {
	test('is pinned to the commit that its branch stands at', async () => {
		const { freeze } = await world();
		const { spec, about } = await freeze({
			files: [wanted('config.json'), wanted('onnx/*_q4.onnx')]
		});
		expect(spec).toEqual({
			id: 'mini-q4@012345678901',
			name: 'Mini',
			engine: 'transformers',
			revision: commit,
			tasks: ['generate'],
			contextTokens: 2048,
			dtype: 'q4',
			embedding: null,
			files: [
				{
					path: 'config.json',
					url: onHub('config.json'),
					bytes: 7,
					sha256: await hashText('{"a":1}')
				},
				{
					path: 'onnx/model_q4.onnx',
					url: onHub('onnx/model_q4.onnx'),
					bytes: 9,
					sha256: await hashText('four bits')
				}
			]
		});
		expect(about).toEqual({
			entry: 'mini-q4',
			family: 'Mini',
			summary: 'Small.',
			parameters: 1000,
			needs: ['webgpu'],
			replaces: [],
			licence: { name: 'MIT', url: 'https://opensource.org/license/mit' },
			source: { host: 'huggingface', repository },
			origin: 'catalog',
			integrity: 'publisher'
		});
	});

	test('is the same when the commit is named', async () => {
		const { freeze } = await world();
		const files = [wanted('*.json')];
		const byBranch = await freeze({ files });
		expect(await freeze({ files, revision: commit })).toEqual(byBranch);
	});

	test('has the files that its patterns mean, in their order and each once', async () => {
		const { pathsOf } = await world();
		expect(await pathsOf('onnx/*_q4*', '*.json', 'config.json')).toEqual([
			'onnx/model_q4.onnx',
			'onnx/model_q4.onnx_data',
			'config.json',
			'tokenizer.json'
		]);
	});

	test.each(['merges.txt', 'onnx/*_q2*', '*.onnx'])('is refused without %s', async (path) => {
		const { pathsOf } = await world();
		await expect(pathsOf('config.json', path)).rejects.toMatchObject({
			code: 'hub/file-missing',
			details: { repository, path }
		});
	});

	test('needs no byte of its large files', async () => {
		const { network, pathsOf } = await world();
		await pathsOf('*.json', 'onnx/*_q4*');
		const files = network.reads.filter(({ url }) => url.includes('/resolve/'));
		expect(files.map(({ url }) => url)).toEqual([onHub('config.json'), onHub('tokenizer.json')]);
	});

	test('is refused when a small file is not what the list says', async () => {
		const { network, pathsOf } = await world();
		network.serve(onHub('config.json'), { body: new TextEncoder().encode('{"a":2}') });
		await expect(pathsOf('config.json')).rejects.toMatchObject({
			code: 'download/digest-mismatch',
			details: { path: 'config.json' }
		});
	});

	test.each([
		['another size', 'onnx/model_q4.onnx', { bytes: 10 }],
		['another digest', 'onnx/model_q4.onnx', { bytes: 9, sha256: digest }],
		['another digest of a small file', 'config.json', { bytes: 7, sha256: digest }]
	])('is refused when the catalog states %s', async (_, path, stated) => {
		const { freeze } = await world();
		await expect(freeze({ files: [wanted(path, stated)] })).rejects.toMatchObject({
			code: 'hub/disagrees',
			details: { path }
		});
	});

	test('is accepted when the catalog states the same', async () => {
		const { freeze } = await world();
		const sha256 = await hashText('four bits');
		const { spec } = await freeze({ files: [wanted('onnx/model_q4.onnx', { bytes: 9, sha256 })] });
		expect(spec.files).toMatchObject([{ bytes: 9, sha256 }]);
	});

	test('may be from GitHub', async () => {
		const { freeze } = await world();
		const source = { host: 'github', repository: libraries.repository } as const;
		const { spec } = await freeze({ source, files: [wanted('v1/*')] });
		expect(spec).toMatchObject({
			id: 'mini-q4@fedcba9876fe',
			files: [{ path: 'v1/mini.wasm', url: wasmAtCommit, sha256: await hashText('code') }]
		});
	});

	test('is refused when the entry names no publisher', async () => {
		const { freeze } = await world();
		await expect(freeze({ source: null, files: [wanted('a')] })).rejects.toMatchObject({
			code: 'catalog/invalid'
		});
	});

	test('leaves what it had to read to the download', async () => {
		const { network, hub } = await world();
		const prefetched = new PrefetchedFiles();
		const entry = entryWith({ files: [wanted('config.json')] });
		await freezeEntry(entry, { hub, prefetched, origin: 'hub' }, signal);
		network.fail(onHub('config.json'), { kind: 'offline' });
		const ranges = prefetched.wrap(network);
		const reply = await ranges.read(onHub('config.json'), { from: 0 }, signal);
		expect(await readWhole(reply, 100)).toHaveLength(7);
	});

	test('remembers where the entry is from', async () => {
		const { hub } = await world();
		const entry = entryWith({ files: [wanted('config.json')] });
		const { about } = await freezeEntry(entry, { hub, origin: 'hub' }, signal);
		expect(about.origin).toBe('hub');
	});

	test('is not frozen once nobody wants it any more', async () => {
		const { hub } = await world();
		const entry = entryWith({ files: [wanted('config.json')] });
		await expect(freezeEntry(entry, { hub }, AbortSignal.abort())).rejects.toMatchObject({
			code: 'cancelled'
		});
	});
});

describe('a file with an address of its own', () => {
	const modelLibrary = { abi: 'v1/base', path: 'mini.wasm' };

	test('is pinned in its own repository, under its own path', async () => {
		const { freeze } = await world();
		const files = [wanted('config.json'), wanted('mini.wasm', { url: wasmOnMain })];
		const { spec } = await freeze({ files, modelLibrary });
		expect(spec.modelLibrary).toEqual(modelLibrary);
		expect(spec.files[1]).toEqual({
			path: 'mini.wasm',
			url: wasmAtCommit,
			bytes: 4,
			sha256: await hashText('code')
		});
	});

	test('is not asked for when its bytes are stated and cannot change', async () => {
		const { network, freeze } = await world();
		const stated = { url: wasmAtCommit, bytes: 4, sha256: digest };
		const { spec } = await freeze({ files: [wanted('mini.wasm', stated), wanted('config.json')] });
		expect(spec.files[0]).toEqual({ path: 'mini.wasm', ...stated });
		expect(network.reads.some(({ url }) => url.includes('github'))).toBe(false);
	});

	test('is refused when the catalog states other bytes than its branch has now', async () => {
		const { freeze } = await world();
		const stated = { url: wasmOnMain, bytes: 4, sha256: digest };
		await expect(freeze({ files: [wanted('mini.wasm', stated)] })).rejects.toMatchObject({
			code: 'hub/disagrees'
		});
	});

	test('is refused when its repository has not got it', async () => {
		const { freeze } = await world();
		const url = wasmOnMain.replace('mini', 'maxi');
		await expect(freeze({ files: [wanted('a.wasm', { url })] })).rejects.toMatchObject({
			code: 'hub/file-missing',
			details: { repository: 'acme/libs', path: 'v1/maxi.wasm' }
		});
	});

	test.each(['models/mini/a.bin', 'https://models.example/a.bin'])(
		'stays at %s, where only the catalog can tell its digest',
		async (url) => {
			const { freeze } = await world();
			const file = { path: 'a.bin', url, bytes: 5, sha256: digest };
			expect((await freeze({ files: [file] })).spec.files).toEqual([file]);
			await expect(freeze({ files: [wanted('a.bin', { url })] })).rejects.toMatchObject({
				code: 'catalog/invalid'
			});
		}
	);
});

describe('a model that the catalog vouches for', () => {
	const stated = { bytes: 5, sha256: digest };

	test('is frozen without the network', async () => {
		const { network, freeze } = await world();
		const files = [wanted('a.bin', stated), wanted('b.bin', { ...stated, url: 'models/b.bin' })];
		const { spec, about } = await freeze({ integrity: 'catalog', revision: commit, files });
		expect(network.reads).toEqual([]);
		expect(about.integrity).toBe('catalog');
		expect(spec).toMatchObject({
			id: 'mini-q4@012345678901',
			revision: commit,
			files: [
				{ path: 'a.bin', url: onHub('a.bin'), ...stated },
				{ path: 'b.bin', url: 'models/b.bin', ...stated }
			]
		});
	});

	test.each([
		['a size', { bytes: null }],
		['a digest', { sha256: null }]
	])('is refused without %s', async (_, change) => {
		const { freeze } = await world();
		const files = [wanted('a.bin', { ...stated, ...change })];
		await expect(freeze({ integrity: 'catalog', files })).rejects.toMatchObject({
			code: 'catalog/invalid',
			details: { reason: 'mini-q4 has no SHA-256 for a.bin' }
		});
	});

	test('is refused when it does not say where a file is', async () => {
		const { freeze } = await world();
		const files = [wanted('a.bin', stated)];
		await expect(freeze({ integrity: 'catalog', source: null, files })).rejects.toMatchObject({
			code: 'catalog/invalid'
		});
	});
});

test('a built-in model is its entry: there are no files to tell apart', async () => {
	const { network, freeze } = await world();
	const { spec, about } = await freeze({ integrity: 'built-in', source: null, revision: '1' });
	expect(spec).toMatchObject({ id: 'mini-q4', revision: '1', files: [] });
	expect(spec).not.toHaveProperty('modelLibrary');
	expect(about.integrity).toBe('built-in');
	expect(network.reads).toEqual([]);
});
