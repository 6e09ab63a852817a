import { describe, expect, test } from 'vitest';
import { tinyAdapter } from '../../../../tests/fixtures/tiny-adapters/tiny-adapter.ts';
import { readAll } from '../../testing/read-all.ts';
import { fromFiles } from './from-files.ts';

const adapter = tinyAdapter();
const config = adapter.get('adapter_config.json')!;
const { signal } = new AbortController();
const unheard = (): void => undefined;

/** The adapter in each of these folders. */
const filesIn = (...folders: string[]) =>
	folders.flatMap((folder) =>
		[...adapter].map(([name, bytes]) => ({
			path: folder === '' ? name : `${folder}/${name}`,
			file: new File([bytes], name)
		}))
	);
const find = (folders: readonly string[], folder: string | null = null) =>
	fromFiles({ kind: 'files', files: filesIn(...folders), folder });

describe('an adapter of this machine', () => {
	test('is found among files that were chosen one by one', async () => {
		const [found, ...others] = find(['']);
		expect(others).toEqual([]);
		expect(found).toMatchObject({
			folder: '',
			name: '',
			source: 'adapter_config.json and adapter_model.safetensors'
		});
		const files = found!.files(unheard, signal);
		expect(files.paths).toEqual([...adapter.keys()]);
		const file = await files.open('adapter_config.json');
		expect(file?.bytes).toBe(config.byteLength);
		expect(await readAll(file!.body)).toEqual(config);
		expect(await files.open('README.md')).toBeUndefined();
	});

	test('is called by one of its files where there are many', () => {
		const files = [...tinyAdapter({ shards: 3 })].map(([path, bytes]) => ({
			path,
			file: new File([bytes], path)
		}));
		const [found] = fromFiles({ kind: 'files', files, folder: null });
		expect(found?.source).toBe('adapter_config.json and 4 more');
	});

	test('is found deep in a folder, and called after it', () => {
		const [found] = find(['out/pirate'], 'runs');
		expect(found).toMatchObject({
			folder: 'out/pirate',
			name: 'pirate',
			source: 'runs/out/pirate'
		});
		expect(found?.bytes).toBe([...adapter.values()].reduce((sum, { length }) => sum + length, 0));
	});

	test('is one of several, which are told apart by their folders', () => {
		const found = find(['checkpoint-20', 'checkpoint-3', ''], 'pirate');
		expect(found.map(({ folder }) => folder)).toEqual(['', 'checkpoint-3', 'checkpoint-20']);
		expect(found.map(({ name }) => name)).toEqual([
			'pirate',
			'pirate checkpoint-3',
			'pirate checkpoint-20'
		]);
	});

	test('that has been deleted since it was chosen is told', async () => {
		const files = filesIn('').map(({ path, file }) => {
			const gone = Object.assign(new File([], file.name), {
				slice: () => ({ arrayBuffer: () => Promise.reject(new Error('NotFoundError')) })
			});
			return { path, file: gone };
		});
		const [found] = fromFiles({ kind: 'files', files, folder: null });
		await expect(found!.files(unheard, signal).open('adapter_config.json')).rejects.toMatchObject({
			code: 'adapter/unreadable',
			details: { file: 'adapter_config.json' }
		});
	});
});

test('files without an adapter are refused with the reason', () => {
	const files = [{ path: 'model.safetensors', file: new File(['x'], 'model.safetensors') }];
	expect(() => fromFiles({ kind: 'files', files, folder: null })).toThrow(
		expect.objectContaining({
			code: 'adapter/not-peft',
			details: { reason: 'it is a whole model; models are added in Core Engines' }
		})
	);
});
