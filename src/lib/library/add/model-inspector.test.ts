import { beforeEach, describe, expect, test } from 'vitest';
import { hashText } from '../../core/text-hash.ts';
import { Sha256HasherFactory } from '../../platform/sha256-hasher.ts';
import { readAll } from '../../testing/read-all.ts';
import {
	changed,
	localFiles,
	mlcEntry,
	mlcModel,
	searchModel,
	type SampleFiles
} from '../../testing/sample-repositories.ts';
import { ScriptedRangeSource } from '../../testing/scripted-range-source.ts';
import { serveOnGithub, serveOnHub } from '../../testing/serve-repository.ts';
import type { CatalogEntry } from '../catalog/catalog-entry.ts';
import { defaultDownloadSettings } from '../download/download-settings.ts';
import { exportedModelOf } from '../export/exported-model.ts';
import type { FrozenModel } from '../frozen-model.ts';
import { HttpModelHub } from '../hub/http-model-hub.ts';
import { LocalFileRegistry } from './local-file-registry.ts';
import { localSource } from './local-source.ts';
import type { LocalFile } from './model-address.ts';
import { ModelInspector } from './model-inspector.ts';

const commit = '0123456789'.repeat(4);
const { signal } = new AbortController();
const quiet = (): void => undefined;
const asText = (content: SampleFiles[string]) =>
	content instanceof Uint8Array ? 'x'.repeat(content.byteLength) : JSON.stringify(content);

let network: ScriptedRangeSource;
let registry: LocalFileRegistry;
let catalog: CatalogEntry[];
let inspector: ModelInspector;

beforeEach(async () => {
	network = new ScriptedRangeSource();
	registry = new LocalFileRegistry();
	catalog = [mlcEntry];
	inspector = newInspector();
	const files = Object.entries(searchModel).map(
		([path, content]) => [path, asText(content)] as const
	);
	await serveOnHub(network, {
		...{ repository: 'acme/mini', commit, files: Object.fromEntries(files) },
		info: { cardData: { license: 'mit' } }
	});
});

function newInspector() {
	return new ModelInspector({
		hub: new HttpModelHub({ ranges: network, settings: () => defaultDownloadSettings }),
		...{ ranges: network, hashers: new Sha256HasherFactory(), catalog, localFiles: registry },
		mirrors: () => ['https://mirror.test/']
	});
}

const lookAt = (text: string) => inspector.inspect({ kind: 'text', text }, signal);
const lookInto = (files: readonly LocalFile[], title?: string) =>
	inspector.inspect({ kind: 'files', files, ...(title !== undefined && { title }) }, signal);

async function takeBest(files: readonly LocalFile[], onBytes = quiet): Promise<FrozenModel> {
	const { id, variants } = await lookInto(files, 'Mini');
	const { entry } = variants.find(({ recommended }) => recommended)!;
	return inspector.freeze(id, entry, onBytes, signal);
}

describe('a model of the hub', () => {
	test('is found by its name, at the commit that its branch has now', async () => {
		const finding = await lookAt('acme/mini');
		expect(finding).toMatchObject({ title: 'acme/mini', origin: 'hub', assumptions: [] });
		expect(finding.variants.map(({ entry }) => entry)).toMatchObject([
			{ dtype: 'fp32', revision: commit, source: { repository: 'acme/mini' } },
			{ dtype: 'fp16' },
			{ dtype: 'q8', licence: { name: 'mit', url: 'https://huggingface.co/acme/mini' } }
		]);
	});

	test('is found by the page of a mirror', async () => {
		expect((await lookAt('https://mirror.test/acme/mini')).title).toBe('acme/mini');
	});

	test('is looked at without reading any weights', async () => {
		await lookAt('acme/mini');
		expect(network.reads.filter(({ url }) => url.endsWith('.onnx'))).toEqual([]);
	});

	test('is frozen as it was found, with the corrections of the user', async () => {
		const { id, variants } = await lookAt('acme/mini');
		const { spec, about } = await inspector.freeze(
			id,
			{ ...variants[2]!.entry, name: 'My mini' },
			quiet,
			signal
		);
		expect(spec).toMatchObject({
			...{ id: 'hf-acme-mini-q8@012345678901', name: 'My mini', revision: commit, dtype: 'q8' }
		});
		expect(spec.files.map(({ path }) => path)).toHaveLength(4);
		expect(spec.files.at(-1)).toMatchObject({
			bytes: 1100,
			sha256: await hashText('x'.repeat(1100))
		});
		expect(about).toMatchObject({ origin: 'hub', integrity: 'publisher' });
	});

	test('that is none says so, and an address that is none too', async () => {
		await serveOnHub(network, { repository: 'acme/none', commit, files: { 'a.gguf': 'x' } });
		await expect(lookAt('acme/none')).rejects.toMatchObject({
			code: 'add/not-a-model',
			details: { title: 'acme/none' }
		});
		await expect(lookAt('mini')).rejects.toMatchObject({ code: 'add/bad-address' });
		await expect(lookAt('acme/unknown')).rejects.toMatchObject({ code: 'hub/not-found' });
	});
});

describe('files of this machine', () => {
	test('are found under the name of their folder', async () => {
		const finding = await lookInto(localFiles(searchModel), 'Mini');
		expect(finding).toMatchObject({ title: 'Mini', origin: 'files' });
		expect(finding.variants[0]?.entry.summary).toBe('Added by you from files of this device.');
	});

	test('are hashed, and named by their content wherever they lie', async () => {
		const { spec, about } = await takeBest(localFiles(searchModel));
		expect(about).toMatchObject({ origin: 'files', integrity: 'computed', source: null });
		const lines: string[] = [];
		for (const { path, file } of localFiles(searchModel)) {
			const frozen = spec.files.find((each) => each.path === path);
			if (!frozen) continue;
			const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
			expect(frozen.sha256).toBe(Buffer.from(digest).toString('hex'));
			expect(frozen.bytes).toBe(file.size);
			lines.push(`${path} ${frozen.sha256}`);
		}
		const name = (await hashText(lines.sort().join('\n'))).slice(0, 12);
		expect(spec.revision).toBe(`local-${name}`);
		expect(spec.id).toBe(`local-mini-q8@local-${name}`);
		expect(spec.files[0]?.url).toBe(`local:${spec.id}/config.json`);
	});

	test('are the same model in a folder around it, and another when one byte differs', async () => {
		const { spec } = await takeBest(localFiles(searchModel));
		const around = Object.entries(searchModel).map(([path, content]) => [`sub/${path}`, content]);
		const again = await takeBest(localFiles(Object.fromEntries(around) as SampleFiles));
		expect(again.spec.id).toBe(spec.id);
		const other = changed(searchModel, { 'tokenizer.json': { model: { other: true } } });
		expect((await takeBest(localFiles(other))).spec.id).not.toBe(spec.id);
	});

	test('tell the bytes hashed, up to all', async () => {
		const heard: number[][] = [];
		const { spec } = await takeBest(localFiles(searchModel), (...bytes: number[]) => {
			heard.push(bytes);
		});
		const total = spec.files.reduce((sum, file) => sum + file.bytes, 0);
		expect(heard).toHaveLength(spec.files.length);
		expect(heard.at(-1)).toEqual([total, total]);
	});

	test('can be read at once under their addresses', async () => {
		const { spec } = await takeBest(localFiles(searchModel));
		const { path, url } = spec.files.at(-1)!;
		const reply = await localSource(network, registry).read(url, { from: 0 }, signal);
		expect(path).toBe('onnx/model_quantized.onnx');
		expect(await readAll(reply.body)).toEqual(searchModel[path]);
	});

	test('that are a model of the catalog become that model', async () => {
		const first = await takeBest(localFiles(searchModel));
		catalog.push({
			...mlcEntry,
			...{ id: 'mini' as CatalogEntry['id'], name: 'Mini of SAM', engine: 'transformers' },
			...{ dtype: 'q8', revision: commit, integrity: 'catalog', modelLibrary: null },
			files: first.spec.files.map((file) => ({ ...file, url: null }))
		});
		const { spec, about } = await takeBest(localFiles(searchModel));
		expect(spec).toMatchObject({ id: 'mini@012345678901', name: 'Mini of SAM', revision: commit });
		expect(spec.files[0]?.url).toBe('local:mini@012345678901/config.json');
		expect(about).toMatchObject({ entry: 'mini', integrity: 'catalog', origin: 'files' });
	});

	test('in MLC format leave their compiled code at its address', async () => {
		const { id, variants } = await lookInto(localFiles(mlcModel), 'Qwen3-0.6B-q4f16_1-MLC');
		const { spec } = await inspector.freeze(id, variants[0]!.entry, quiet, signal);
		expect(spec.files.at(-1)).toEqual(mlcEntry.files[0]);
		expect(spec.modelLibrary).toEqual(mlcEntry.modelLibrary);
	});

	test('are not taken for a model that the catalog knows only at a branch', async () => {
		const first = await takeBest(localFiles(searchModel));
		const files = first.spec.files.map((file) => ({ ...file, url: null }));
		catalog.push({ ...mlcEntry, id: 'mini' as CatalogEntry['id'], files });
		expect(await takeBest(localFiles(searchModel))).toEqual(first);
	});

	test('in MLC format ask the publisher of their compiled code for what nobody has stated', async () => {
		const libs = { repository: 'acme/libs', commit: 'fedcba9876'.repeat(4) };
		const [repository, base] = [mlcEntry.source!.repository, 'https://raw.githubusercontent.com'];
		await serveOnGithub(network, { ...libs, files: { 'v1/mini.wasm': 'code' } });
		await serveOnHub(network, { repository, commit, files: { 'config.json': '{}' } });
		const url = `${base}/acme/libs/main/v1/mini.wasm`;
		const library = { ...mlcEntry.files[0]!, url, bytes: null, sha256: null };
		catalog[0] = { ...mlcEntry, files: [library] };
		const { id, variants } = await lookInto(localFiles(mlcModel), 'Qwen3-0.6B-q4f16_1-MLC');
		const { spec } = await inspector.freeze(id, variants[0]!.entry, quiet, signal);
		expect(spec.files.at(-1)).toEqual({
			path: library.path,
			url: `${base}/acme/libs/${libs.commit}/v1/mini.wasm`,
			...{ bytes: 4, sha256: await hashText('code') }
		});
	});

	test('that vanished are named', async () => {
		const files = localFiles(searchModel).map(({ path, file }) => {
			const gone = () => Promise.reject(new DOMException('gone', 'NotFoundError'));
			if (path === 'onnx/model_quantized.onnx')
				file.slice = () => ({ arrayBuffer: gone }) as unknown as Blob;
			return { path, file };
		});
		await expect(takeBest(files)).rejects.toMatchObject({ code: 'add/wrong-files' });
	});

	test('are not hashed to the end when nobody wants it any more', async () => {
		const { id, variants } = await lookInto(localFiles(searchModel));
		const freezing = inspector.freeze(id, variants[0]!.entry, quiet, AbortSignal.abort());
		await expect(freezing).rejects.toMatchObject({ code: 'cancelled' });
	});
});

describe('a finding', () => {
	test('is kept while a few others are looked at, and no longer', async () => {
		const { id, variants } = await lookInto(localFiles(searchModel));
		const { entry } = variants[0]!;
		for (let i = 0; i < 3; i++) await lookInto(localFiles(searchModel));
		expect((await inspector.freeze(id, entry, quiet, signal)).spec.name).toBe(entry.name);
		await lookInto(localFiles(searchModel));
		await expect(inspector.freeze(id, entry, quiet, signal)).rejects.toMatchObject({
			code: 'add/files-needed',
			details: { name: entry.name }
		});
	});
});

describe('a folder that SAM has exported', () => {
	/** What an export of the sample writes, with changes to its description. */
	async function exported(change: (json: ReturnType<typeof exportedModelOf>) => object) {
		const frozen = await takeBest(localFiles(searchModel));
		const paths = new Set(frozen.spec.files.map(({ path }) => path));
		const files = Object.entries(searchModel).filter(([path]) => paths.has(path));
		const text = JSON.stringify(change(exportedModelOf(frozen)));
		const all = { ...Object.fromEntries(files), 'sam-model.json': text } as SampleFiles;
		return { frozen, files: all, text };
	}
	const asIs = (json: object) => json;

	test('is the same model again, without being hashed', async () => {
		const { frozen, files } = await exported(asIs);
		const finding = await lookInto(localFiles(files), 'backup');
		expect(finding).toMatchObject({ title: frozen.spec.name, origin: 'files', assumptions: [] });
		const [variant] = finding.variants;
		const again = await inspector.freeze(finding.id, variant!.entry, quiet, signal);
		expect(again.spec).toEqual({ ...frozen.spec, modelLibrary: null });
		expect(again.about).toEqual(frozen.about);
		expect(registry.has(frozen.spec.id)).toBe(true);
	});

	test('keeps who vouches for its bytes', async () => {
		const { files } = await exported((json) => ({
			...json,
			spec: { ...json.spec, revision: commit },
			about: { ...json.about, origin: 'hub', integrity: 'publisher' }
		}));
		const { id, variants } = await lookInto(localFiles(files));
		const entry = { ...variants[0]!.entry, name: 'Renamed' };
		const { spec, about } = await inspector.freeze(id, entry, quiet, signal);
		expect(spec).toMatchObject({ id: 'local-mini-q8@012345678901', name: 'Renamed' });
		expect(about).toMatchObject({ integrity: 'publisher', origin: 'files' });
	});

	test('may lie at an address', async () => {
		const { frozen, text } = await exported(asIs);
		const body = new TextEncoder().encode(text);
		network.serve('https://files.test/my%20mini/sam-model.json', { body });
		const finding = await lookAt('https://files.test/my mini');
		expect(finding).toMatchObject({ title: frozen.spec.name, origin: 'address' });
		const { spec } = await inspector.freeze(
			...([finding.id, finding.variants[0]!.entry, quiet, signal] as const)
		);
		expect(spec.id).toBe(frozen.spec.id);
		expect(spec.files.at(-1)?.url).toBe('https://files.test/my%20mini/onnx/model_quantized.onnx');
	});

	test('must be there', async () => {
		await expect(lookAt('https://files.test/none')).rejects.toMatchObject({
			code: 'add/not-a-model',
			details: { reason: 'there is no sam-model.json at that address' }
		});
		network.fail('https://files.test/none/sam-model.json', { kind: 'offline' });
		await expect(lookAt('https://files.test/none')).rejects.toMatchObject({
			code: 'download/offline'
		});
	});

	test('must be whole', async () => {
		const { files } = await exported(asIs);
		const without = changed(files, { 'tokenizer.json': null });
		await expect(lookInto(localFiles(without), 'backup')).rejects.toMatchObject({
			details: { title: 'backup', reason: 'tokenizer.json is missing' }
		});
		const shorter = changed(files, { 'tokenizer.json': '{}' });
		await expect(lookInto(localFiles(shorter))).rejects.toMatchObject({
			details: { reason: 'tokenizer.json has 2 bytes instead of 12' }
		});
	});

	test('must not claim to be a model that it is not', async () => {
		const { files } = await exported((json) => ({
			...json,
			spec: { ...json.spec, revision: 'local-000000000000' }
		}));
		await expect(lookInto(localFiles(files))).rejects.toMatchObject({
			details: { reason: 'sam-model.json does not belong to these files' }
		});
		catalog.push({ ...mlcEntry, id: 'starter-1' as CatalogEntry['id'], integrity: 'built-in' });
		const starter = await exported((json) => ({
			...json,
			about: { ...json.about, entry: 'starter-1' }
		}));
		await expect(lookInto(localFiles(starter.files))).rejects.toMatchObject({
			details: { reason: 'sam-model.json does not belong to these files' }
		});
		const claiming = await exported((json) => ({
			...json,
			spec: { ...json.spec, revision: mlcEntry.revision },
			about: { ...json.about, entry: mlcEntry.id, integrity: 'catalog' }
		}));
		await expect(lookInto(localFiles(claiming.files))).rejects.toMatchObject({
			code: 'add/not-a-model',
			details: {
				reason: 'it claims to be Qwen3 0.6B, but its Qwen3-0.6B-q4f16_1-webgpu.wasm is another'
			}
		});
	});
});
