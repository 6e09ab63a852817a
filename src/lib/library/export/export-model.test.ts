import { beforeEach, describe, expect, test } from 'vitest';
import { MemoryDirectory } from '../../testing/memory-directory.ts';
import { storedModel, type StoredModel } from '../../testing/stored-model.ts';
import { directoryFiles } from '../add/directory-files.ts';
import { exportModel } from './export-model.ts';
import { parseExportedModel } from './exported-model.ts';
import { fileIn } from './folder-place.ts';

const fileBody = (length: number, seed = 1): Uint8Array<ArrayBuffer> =>
	Uint8Array.from({ length }, (_, i) => (i * 31 + seed * 97 + (i >> 8)) & 255);
const bodies = { 'config.json': fileBody(700), 'onnx/model.onnx': fileBody(2500, 2) };
const { signal } = new AbortController();
const quiet = (): void => undefined;

let folder: MemoryDirectory;
let model: StoredModel;

beforeEach(async () => {
	folder = new MemoryDirectory('backup');
	model = await storedModel(bodies);
});

const run = (onBytes: (done: number, total: number) => void = quiet, stop = signal) =>
	exportModel(model.manifest, model.files, folder.handle, onBytes, stop);

async function write(path: string, text: string): Promise<void> {
	const writable = await (await folder.getFileHandle(path, { create: true })).createWritable();
	await writable.write(text);
	await writable.close();
}

async function bytesAt(path: string): Promise<Uint8Array> {
	return new Uint8Array((await (await fileIn(folder.handle, path))?.arrayBuffer()) ?? []);
}

describe('an export', () => {
	test('writes every file of the model in its folder, and its description', async () => {
		await run();
		expect(folder.paths).toEqual(['config.json', 'onnx/model.onnx', 'sam-model.json']);
		for (const [path, body] of Object.entries(bodies)) expect(await bytesAt(path)).toEqual(body);
		const text = new TextDecoder().decode(await bytesAt('sam-model.json'));
		const { spec, about, files } = parseExportedModel(text, 'backup');
		expect(spec).toMatchObject({ id: model.manifest.model, name: 'Mini' });
		expect(about).toEqual(model.manifest.about);
		expect(files).toEqual(
			model.manifest.files.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 }))
		);
	});

	test('tells its progress in bytes, part by part', async () => {
		const heard: number[][] = [];
		await run((...bytes) => void heard.push(bytes));
		expect(heard).toEqual([
			[700, 3200],
			[1700, 3200],
			[2700, 3200],
			[3200, 3200]
		]);
	});

	test('describes the model last', async () => {
		const seen: string[][] = [];
		await run(() => void seen.push(folder.paths));
		expect(seen.at(-1)).toContain('onnx/model.onnx');
		expect(seen.flat()).not.toContain('sam-model.json');
	});

	test('can be done again over itself', async () => {
		await run();
		await run();
		expect(folder.paths).toHaveLength(3);
	});

	test('describes models of an older database, too', async () => {
		const { about: _, ...old } = model.manifest;
		await exportModel(old, model.files, folder.handle, quiet, signal);
		const text = new TextDecoder().decode(await bytesAt('sam-model.json'));
		expect(parseExportedModel(text, 'backup').about.integrity).toBe('catalog');
	});
});

describe('an export that fails claims nothing', () => {
	test('when a part is damaged', async () => {
		const damaged = fileBody(2500, 2);
		damaged[1500] = 255 - damaged[1500]!;
		const { files } = await storedModel({ ...bodies, 'onnx/model.onnx': damaged });
		const exporting = exportModel(model.manifest, files, folder.handle, quiet, signal);
		await expect(exporting).rejects.toMatchObject({
			code: 'storage/corrupt',
			details: { what: 'onnx/model.onnx' }
		});
		expect(folder.paths).toEqual(['config.json']);
	});

	test('when a file is shorter than it was, or gone', async () => {
		const short = await storedModel({ ...bodies, 'onnx/model.onnx': fileBody(2000, 2) });
		const exporting = exportModel(model.manifest, short.files, folder.handle, quiet, signal);
		await expect(exporting).rejects.toMatchObject({ code: 'storage/corrupt' });
		const gone = await storedModel({ 'config.json': bodies['config.json'] });
		const again = exportModel(model.manifest, gone.files, folder.handle, quiet, signal);
		await expect(again).rejects.toMatchObject({ code: 'storage/missing' });
		expect(folder.paths).toEqual(['config.json']);
	});

	test('when it is stopped, at any part', async () => {
		for (const part of [1, 2, 3, 4]) {
			const stop = new AbortController();
			let parts = 0;
			const exporting = run(() => {
				if (++parts === part) stop.abort();
			}, stop.signal);
			await expect(exporting).rejects.toMatchObject({ code: 'cancelled' });
			expect(folder.paths).not.toContain('sam-model.json');
		}
		await run();
		expect(folder.paths).toContain('sam-model.json');
	});

	test('not even the claim of an earlier one', async () => {
		await run();
		folder.failure = new DOMException('full', 'QuotaExceededError');
		await expect(run()).rejects.toThrow();
		expect(folder.paths).not.toContain('sam-model.json');
	});

	test.each([
		['NotAllowedError', 'SAM may not write there'],
		['QuotaExceededError', 'the disk is full'],
		['NoModificationAllowedError', 'another program is using one of its files'],
		['NotFoundError', 'the folder is gone'],
		['DataError', 'something else']
	])('when the browser says %s', async (name, reason) => {
		folder.failure = new DOMException('something else', name);
		await expect(run()).rejects.toMatchObject({
			code: 'library/export-failed',
			details: { reason }
		});
		expect(folder.paths).toEqual([]);
	});
});

describe('a folder that is in use', () => {
	test('by another model is left as it is', async () => {
		await run();
		const before = await bytesAt('sam-model.json');
		const { manifest } = model;
		const other = { ...manifest, model: 'other@0123456789ab' as typeof manifest.model };
		const exporting = exportModel(other, model.files, folder.handle, quiet, signal);
		await expect(exporting).rejects.toMatchObject({
			code: 'library/export-failed',
			details: { reason: 'it holds another model (Mini)' }
		});
		expect(await bytesAt('sam-model.json')).toEqual(before);
	});

	test('by a description that SAM cannot read is left as it is, unless it is empty', async () => {
		await write('sam-model.json', '{"version": 2}');
		await expect(run()).rejects.toMatchObject({
			code: 'library/export-failed',
			details: { reason: expect.stringContaining('that cannot be read') as string }
		});
		await write('sam-model.json', '');
		await run();
		expect(folder.paths).toHaveLength(3);
	});

	test('for something else keeps its files', async () => {
		await write('config.json', 'precious');
		await expect(run()).rejects.toMatchObject({
			code: 'library/export-failed',
			details: { reason: 'it holds another config.json; choose an empty folder' }
		});
		expect(new TextDecoder().decode(await bytesAt('config.json'))).toBe('precious');
	});

	test('for other files is no trouble', async () => {
		await write('notes.txt', 'mine');
		await run();
		const found = await Array.fromAsync(directoryFiles(folder.handle));
		expect(found.map(({ path }) => path)).toContain('notes.txt');
	});

	test('with a folder where a file should be is refused', async () => {
		await folder.getDirectoryHandle('config.json', { create: true });
		await expect(run()).rejects.toMatchObject({
			code: 'library/export-failed',
			details: { reason: expect.stringContaining('a folder stands') as string }
		});
	});
});
