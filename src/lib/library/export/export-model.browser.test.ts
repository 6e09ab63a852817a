import { afterEach, beforeEach, expect, test } from 'vitest';
import { Sha256HasherFactory } from '../../platform/sha256-hasher.ts';
import { readAll } from '../../testing/read-all.ts';
import { ScriptedRangeSource } from '../../testing/scripted-range-source.ts';
import { storedModel } from '../../testing/stored-model.ts';
import { directoryFiles } from '../add/directory-files.ts';
import { LocalFileRegistry } from '../add/local-file-registry.ts';
import { localSource } from '../add/local-source.ts';
import { localUrl } from '../add/local-url.ts';
import { ModelInspector } from '../add/model-inspector.ts';
import type { ModelFinding } from '../add/model-finding.ts';
import { defaultDownloadSettings } from '../download/download-settings.ts';
import { HttpModelHub } from '../hub/http-model-hub.ts';
import { hashPart } from '../store/hash-part.ts';
import { exportModel } from './export-model.ts';

const fileBody = (length: number, seed: number): Uint8Array<ArrayBuffer> =>
	Uint8Array.from({ length }, (_, i) => (i * 31 + seed * 97 + (i >> 8)) & 255);
const bodies = {
	'config.json': fileBody(900, 1),
	'onnx/model.onnx': fileBody(1_200_000, 2),
	'onnx/model.onnx_data': fileBody(3_100_000, 3)
};
const { signal } = new AbortController();
const quiet = (): void => undefined;
const network = new ScriptedRangeSource();

let root: FileSystemDirectoryHandle;
let folder: FileSystemDirectoryHandle;
let registry: LocalFileRegistry;
let inspector: ModelInspector;

beforeEach(async () => {
	root = await navigator.storage.getDirectory();
	folder = await root.getDirectoryHandle('export-test', { create: true });
	registry = new LocalFileRegistry();
	inspector = new ModelInspector({
		hub: new HttpModelHub({ ranges: network, settings: () => defaultDownloadSettings }),
		...{ ranges: network, hashers: new Sha256HasherFactory(), catalog: [], localFiles: registry }
	});
});
afterEach(() => root.removeEntry('export-test', { recursive: true }));

async function inspectFolder(): Promise<ModelFinding> {
	const files = await Array.fromAsync(directoryFiles(folder));
	return inspector.inspect({ kind: 'files', files, title: folder.name }, signal);
}

test('what is exported on one machine is the same model on another', async () => {
	const { manifest, files } = await storedModel(bodies, 1_000_000);
	await exportModel(manifest, files, folder, quiet, signal);
	const { id, title, variants } = await inspectFolder();
	expect(title).toBe('Mini');
	const { spec, about } = await inspector.freeze(id, variants[0]!.entry, quiet, signal);
	expect(spec.id).toBe(manifest.model);
	expect(about).toEqual({ ...manifest.about, origin: 'files' });
	expect(spec.files.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 }))).toEqual(
		manifest.spec.files.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 }))
	);
	for (const { url, sha256 } of spec.files) {
		const { body } = await localSource(network, registry).read(url, { from: 0 }, signal);
		expect(await hashPart(await readAll(body))).toBe(sha256);
	}
});

test('an export that is stopped leaves no claim and no half file', async () => {
	const { manifest, files } = await storedModel(bodies, 1_000_000);
	const stop = new AbortController();
	const exporting = exportModel(
		...([manifest, files, folder] as const),
		(done) => done > 2_000_000 && stop.abort(),
		stop.signal
	);
	await expect(exporting).rejects.toMatchObject({ code: 'cancelled' });
	const left = await Array.fromAsync(directoryFiles(folder));
	expect(left.map(({ path, file }) => [path, file.size]).sort()).toEqual([
		['config.json', 900],
		['onnx/model.onnx', 1_200_000]
	]);
});

test('a file that another program writes to is left alone', async () => {
	const handle = await folder.getFileHandle('config.json', { create: true });
	const lock = await handle.createWritable({
		mode: 'exclusive'
	} as FileSystemCreateWritableOptions);
	const { manifest, files } = await storedModel(bodies, 1_000_000);
	await expect(exportModel(manifest, files, folder, quiet, signal)).rejects.toMatchObject({
		code: 'library/export-failed',
		details: { reason: 'another program is using one of its files' }
	});
	await lock.abort();
});

test('a file that changes after it was chosen is not read as if it were the same', async () => {
	const { manifest, files } = await storedModel(bodies, 1_000_000);
	await exportModel(manifest, files, folder, quiet, signal);
	const { id, variants } = await inspectFolder();
	await inspector.freeze(id, variants[0]!.entry, quiet, signal);
	const writable = await (await folder.getFileHandle('config.json')).createWritable();
	await writable.write('changed');
	await writable.close();
	const reading = async () => {
		const url = localUrl(manifest.model, 'config.json');
		return readAll((await localSource(network, registry).read(url, { from: 0 }, signal)).body);
	};
	await expect(reading()).rejects.toMatchObject({ code: 'add/wrong-files' });
});
