import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { format } from 'prettier';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CatalogEntry, CatalogFile } from '../src/lib/library/catalog/catalog-entry.ts';
import { parseCatalog } from '../src/lib/library/catalog/parse-catalog.ts';
import { startFakeHub, type FakeHub } from '../tests/fixtures/fake-hub/fake-hub.ts';
import type { FakeRepository } from '../tests/fixtures/fake-hub/fake-repository.ts';
import { pinCatalog } from './pin-catalog.ts';

const utf8 = new TextEncoder();
const mini: FakeRepository = {
	repository: 'acme/mini',
	commit: 'a'.repeat(40),
	files: new Map([
		['config.json', utf8.encode('{}')],
		['tokenizer.json', utf8.encode('{"b":1}')],
		['onnx/model_q4.onnx', utf8.encode('weights')]
	])
};
const nextMini: FakeRepository = {
	...mini,
	commit: 'b'.repeat(40),
	files: new Map([...mini.files, ['onnx/model_q4.onnx', utf8.encode('other weights')]])
};
const libraries: FakeRepository = {
	repository: 'acme/libs',
	commit: 'c'.repeat(40),
	files: new Map([['v1/mini.wasm', utf8.encode('code')]])
};
const gated: FakeRepository = { ...mini, repository: 'acme/gated', gated: true };
const sha256OfWeights = '9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c';

function wanted(path: string, change: Partial<CatalogFile> = {}): CatalogFile {
	return { path, url: null, bytes: null, sha256: null, ...change };
}

function entryWith(id: string, change: object = {}): CatalogEntry {
	return {
		...{ id, name: `Model ${id}`, family: 'Mini', summary: 'Small.', engine: 'transformers' },
		...{ tasks: ['generate'], parameters: 1000, dtype: 'q4', contextTokens: 2048, embedding: null },
		licence: { name: 'MIT', url: 'https://opensource.org/license/mit' },
		source: { host: 'huggingface', repository: 'acme/mini' },
		...{ revision: 'main', integrity: 'publisher' },
		files: [wanted('config.json'), wanted('onnx/*_q4.onnx')],
		...{ needs: [], replaces: [], modelLibrary: null },
		...change
	} as object as CatalogEntry;
}

const builtIn = entryWith('starter', {
	...{ source: null, revision: '1', integrity: 'built-in', files: [] }
});

let hub: FakeHub;
let folder: string;
let file: string;

beforeEach(async () => {
	hub = await startFakeHub({ repositories: [mini, libraries, gated], pageSize: 2 });
	folder = await mkdtemp(join(tmpdir(), 'pin-catalog-'));
	file = join(folder, 'catalog.json');
});
afterEach(async () => {
	await hub.close();
	await rm(folder, { recursive: true });
});

async function write(...models: CatalogEntry[]): Promise<void> {
	const json = JSON.stringify({ $schema: './catalog.schema.json', version: 2, models }, null, 1);
	await writeFile(file, await format(json, { parser: 'json' }));
}

async function read(): Promise<CatalogEntry[]> {
	return parseCatalog(JSON.parse(await readFile(file, 'utf8')));
}

async function pin(...args: string[]): Promise<{ code: number; lines: string[] }> {
	const lines: string[] = [];
	const at = ['--catalog', file, '--hub', hub.url, '--github', hub.url];
	const code = await pinCatalog([...at, ...args], (line) => lines.push(line));
	return { code, lines };
}

describe('a model that is not pinned', () => {
	test('gets the commit, the files, their sizes and their digests', async () => {
		await write(entryWith('mini'));
		const { code, lines } = await pin();
		expect(code).toBe(0);
		expect(lines).toEqual([
			'mini  pinned     main → aaaaaaaaaaaa, 2 files, 9 B',
			'1 pinned, 0 failed, of 1 models'
		]);
		expect(await read()).toEqual([
			entryWith('mini', {
				revision: mini.commit,
				integrity: 'catalog',
				files: [
					wanted('config.json', {
						bytes: 2,
						sha256: expect.stringMatching(/^44136fa355b3/) as never
					}),
					wanted('onnx/model_q4.onnx', { bytes: 7, sha256: sha256OfWeights as never })
				]
			})
		]);
	});

	test('has a library from GitHub pinned with it', async () => {
		const url = 'https://raw.githubusercontent.com/acme/libs/main/v1/mini.wasm';
		await write(
			entryWith('mini', {
				files: [wanted('config.json'), wanted('mini.wasm', { url })],
				modelLibrary: { abi: 'v1', path: 'mini.wasm' }
			})
		);
		expect((await pin()).code).toBe(0);
		const [entry] = await read();
		expect(entry?.files[1]).toMatchObject({
			path: 'mini.wasm',
			url: `https://raw.githubusercontent.com/acme/libs/${libraries.commit}/v1/mini.wasm`,
			bytes: 4
		});
		expect((await pin('--check')).code).toBe(0);
	});

	test('may name a commit already', async () => {
		hub.publish(nextMini);
		await write(entryWith('mini', { revision: mini.commit }));
		await pin();
		expect(await read()).toMatchObject([{ revision: mini.commit, integrity: 'catalog' }]);
	});

	test('needs none of its weights to be read', async () => {
		await write(entryWith('mini'));
		await pin();
		expect(hub.requests.filter(({ url }) => url.includes('.onnx'))).toEqual([]);
	});
});

describe('the file', () => {
	test('keeps the order of its models and fields, and its formatting', async () => {
		await write(entryWith('b'), builtIn, entryWith('a', { replaces: ['b'] }));
		await pin();
		const text = await readFile(file, 'utf8');
		expect((await read()).map(({ id }) => id)).toEqual(['b', 'starter', 'a']);
		expect(Object.keys(JSON.parse(text) as object)).toEqual(['$schema', 'version', 'models']);
		expect(Object.keys((await read())[0]!)).toEqual(Object.keys(entryWith('b')));
		expect(text).toBe(await format(text, { filepath: file }));
	});

	test('is the same after a second run', async () => {
		await write(entryWith('a'), builtIn);
		await pin();
		const text = await readFile(file, 'utf8');
		const { code, lines } = await pin();
		expect(code).toBe(0);
		expect(lines).toContain('a        unchanged');
		expect(await readFile(file, 'utf8')).toBe(text);
	});

	test('is replaced whole: nothing is left beside it', async () => {
		await write(entryWith('a'));
		await pin();
		expect(await readdir(folder)).toEqual(['catalog.json']);
	});

	test('is not touched when it is not a catalog', async () => {
		await write(entryWith('a', { engine: 7 }));
		await expect(pin()).rejects.toMatchObject({ code: 'catalog/invalid' });
	});
});

describe('a model that cannot be pinned', () => {
	test.each([
		[
			'without one of its files',
			{ files: [wanted('merges.txt')] },
			'acme/mini has no file merges.txt'
		],
		[
			'that is gated',
			{ source: { host: 'huggingface', repository: 'acme/gated' } },
			'agreed to its terms'
		],
		[
			'that is not there',
			{ source: { host: 'huggingface', repository: 'acme/none' } },
			'no public model acme/none'
		],
		['at a revision that is not there', { revision: 'v9' }, 'acme/mini at v9'],
		[
			'with another digest than the catalog states',
			{ files: [wanted('onnx/model_q4.onnx', { bytes: 7, sha256: 'd'.repeat(64) as never })] },
			'lists other bytes for onnx/model_q4.onnx'
		]
	])('%s is reported and left as it was', async (_, change, reason) => {
		const wrong = entryWith('wrong', change);
		await write(wrong, entryWith('right'));
		const { code, lines } = await pin();
		expect(code).toBe(1);
		expect(lines[0]).toMatch(/^wrong {2}failed {5}/);
		expect(lines[0]).toContain(reason);
		expect(lines.at(-1)).toBe('1 pinned, 1 failed, of 2 models');
		expect(await read()).toMatchObject([wrong, { id: 'right', integrity: 'catalog' }]);
	});

	test('because the catalog may not name one of its files is reported, too', async () => {
		const files = new Map([['an empty.bin', new Uint8Array()]]);
		hub.publish({ ...mini, repository: 'acme/odd', files });
		const source = { host: 'huggingface', repository: 'acme/odd' };
		await write(entryWith('odd', { source, files: [wanted('*.bin')] }));
		const { code, lines } = await pin();
		expect(code).toBe(1);
		expect(lines[0]).toContain('files[0]');
	});
});

describe('a model that is pinned', () => {
	beforeEach(async () => {
		await write(entryWith('mini'));
		await pin();
	});

	test('stays where it is when there is a newer commit, which is told', async () => {
		hub.publish(nextMini);
		const { code, lines } = await pin();
		expect(code).toBe(0);
		expect(lines[0]).toBe('mini  unchanged  newer: bbbbbbbbbbbb, see --update');
		expect(await read()).toMatchObject([{ revision: mini.commit }]);
	});

	test('moves on to it when it is told to', async () => {
		hub.publish(nextMini);
		expect((await pin('--update')).lines[0]).toMatch(
			/^mini {2}pinned .*aaaaaaaaaaaa → bbbbbbbbbbbb/
		);
		expect(await read()).toMatchObject([
			{ revision: nextMini.commit, files: [{ path: 'config.json' }, { bytes: 13 }] }
		]);
	});

	test('is reported when its publisher has other bytes at that commit', async () => {
		const [entry] = await read();
		const files = entry!.files.map((listed) => ({ ...listed, bytes: 1 }));
		await write({ ...entry!, files });
		const { code, lines } = await pin();
		expect(code).toBe(1);
		expect(lines[0]).toContain('lists other bytes for config.json');
	});
});

describe('--check', () => {
	test('writes nothing and fails when something is not pinned', async () => {
		await write(entryWith('mini'));
		const before = await readFile(file, 'utf8');
		const { code, lines } = await pin('--check');
		expect(code).toBe(1);
		expect(lines.at(-1)).toBe('1 to pin, 0 failed, of 1 models');
		expect(await readFile(file, 'utf8')).toBe(before);
	});

	test('is content once all is pinned', async () => {
		await write(entryWith('mini'), builtIn);
		await pin();
		expect((await pin('--check')).code).toBe(0);
	});
});

describe('--only', () => {
	test('pins that model alone', async () => {
		await write(entryWith('a'), entryWith('b'));
		expect((await pin('--only', 'b')).lines).toHaveLength(2);
		expect((await read()).map(({ integrity }) => integrity)).toEqual(['publisher', 'catalog']);
	});

	test('fails for a model that is not in the catalog', async () => {
		await write(entryWith('a'));
		const { code, lines } = await pin('--only', 'b');
		expect(code).toBe(1);
		expect(lines[0]).toContain('no model "b"');
	});
});

test('the command prints the table and ends with the exit code', async () => {
	await write(entryWith('right'), entryWith('wrong', { revision: 'v9' }));
	const script = join(import.meta.dirname, 'pin-catalog.ts');
	const args = [script, '--catalog', file, '--hub', hub.url, '--github', hub.url];
	const run = promisify(execFile)(process.execPath, args);
	await expect(run).rejects.toMatchObject({
		code: 1,
		stdout: expect.stringContaining('1 pinned, 1 failed, of 2 models') as string
	});
});
