import { beforeEach, describe, expect, test } from 'vitest';
import type { ModelId } from '../../core/ids.ts';
import type { BlobStore } from '../../ports/blob-store.ts';
import { Sha256HasherFactory } from '../../platform/sha256-hasher.ts';
import {
	bytesOf,
	fileBody,
	idIn,
	LibraryWorld,
	neverAborted
} from '../../testing/library-world.ts';
import { frozen } from '../../testing/frozen.ts';
import { downloadStore } from '../library-api.ts';
import { WantedModels } from '../wanted-models.ts';
import { ModelStore } from './model-store.ts';
import { storedBytes } from './stored-bytes.ts';

const alpha = idIn('alpha');
const body = fileBody(10_000);

let world: LibraryWorld;
let store: ModelStore;

beforeEach(async () => {
	world = new LibraryWorld(new Sha256HasherFactory());
	await world.publish('alpha', { 'onnx/model.onnx': body });
	await world.tab().install(alpha, () => undefined, neverAborted());
	store = new ModelStore(world);
});

const key = (index: number): string => `${world.catalog[0]!.files[0]!.sha256}/${index}`;

test('knows what is installed', async () => {
	expect(await store.isInstalled(alpha)).toBe(true);
	expect(await store.isInstalled('beta' as ModelId)).toBe(false);
	expect((await store.manifest(alpha))?.spec.files).toEqual(world.catalog[0]!.files);
	expect((await store.list()).map(({ model }) => model)).toEqual([alpha]);
});

test('the spec in the manifest is the part of the entry that engines need', async () => {
	expect((await store.manifest(alpha))?.spec).not.toHaveProperty('licence');
});

describe('files', () => {
	test('are read as one stream of their exact size', async () => {
		const files = await store.files(alpha);
		expect(files.paths).toEqual(['onnx/model.onnx']);
		const file = (await files.open('onnx/model.onnx'))!;
		expect(file.bytes).toBe(10_000);
		expect(await bytesOf(file.body)).toEqual(body);
	});

	test('that the model does not have are undefined', async () => {
		expect(await (await store.files(alpha)).open('config.json')).toBeUndefined();
	});

	test('of a model that is not here are refused', async () => {
		await expect(store.files('beta' as ModelId)).rejects.toMatchObject({
			code: 'library/not-installed'
		});
	});

	test('open a part only when it is read', async () => {
		const opened: string[] = [];
		const blobs: BlobStore = Object.create(world.blobs, {
			keys: { value: (prefix: string) => world.blobs.keys(prefix) },
			stream: {
				value: (name: string) => {
					opened.push(name);
					return world.blobs.stream(name);
				}
			}
		}) as BlobStore;
		const lazy = new ModelStore({ records: world.records, blobs });
		const file = await (await lazy.files(alpha)).open('onnx/model.onnx');
		expect(opened).toEqual([]);
		const reader = file!.body.getReader();
		await reader.read();
		expect(opened).toEqual([key(0)]);
		await reader.cancel();
	});

	test('with a part that is gone are refused before the first byte', async () => {
		await world.blobs.delete(key(1));
		await expect((await store.files(alpha)).open('onnx/model.onnx')).rejects.toMatchObject({
			code: 'storage/missing'
		});
	});

	test('fail midway when a part goes away while it is read', async () => {
		const file = await (await store.files(alpha)).open('onnx/model.onnx');
		await world.blobs.delete(key(2));
		await expect(file!.body.pipeTo(new WritableStream())).rejects.toMatchObject({
			code: 'storage/missing'
		});
	});

	test.each([
		['shorter', (part: Uint8Array<ArrayBuffer>) => part.slice(1)],
		['longer', (part: Uint8Array<ArrayBuffer>) => new Uint8Array(part.byteLength + 1)]
	])('fail when a part has become %s', async (_, change) => {
		world.blobs.corrupt(key(1), change);
		const file = await (await store.files(alpha)).open('onnx/model.onnx');
		await expect(file!.body.pipeTo(new WritableStream())).rejects.toMatchObject({
			code: 'storage/corrupt'
		});
	});
});

describe('remove', () => {
	test('makes the model invisible first, then gives its bytes back', async () => {
		expect(await store.remove(alpha)).toBe(10_000);
		expect(await store.isInstalled(alpha)).toBe(false);
		expect(world.records.durabilities.at(-1)).toBe('strict');
		expect(world.blobs.usage).toBe(0);
	});

	test('may be repeated, and gives nothing back for what was never here', async () => {
		await store.remove(alpha);
		expect(await store.remove(alpha)).toBe(0);
		expect(await store.remove('beta' as ModelId)).toBe(0);
	});

	test('hands files that a waiting download wants on to it', async () => {
		const { sha256 } = world.catalog[0]!.files[0]!;
		const waiting = frozen('beta', 'v1', [1]);
		const files = waiting.spec.files.map((file) => ({ ...file, sha256, bytes: 10_000 }));
		const wanted = new WantedModels(world);
		await wanted.ask({ ...waiting, spec: { ...waiting.spec, files } });
		expect(await store.remove(alpha)).toBe(0);
		expect(await world.blobs.keys('')).toHaveLength(3);
		const [download] = await world.records.list(downloadStore);
		expect(download && storedBytes(download)).toBe(10_000);
	});
});
