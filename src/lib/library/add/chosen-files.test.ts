import { describe, expect, test } from 'vitest';
import { MemoryDirectory } from '../../testing/memory-directory.ts';
import { localFiles } from '../../testing/sample-repositories.ts';
import { directoryFiles } from './directory-files.ts';
import { localTitle } from './local-title.ts';
import type { LocalFile } from './model-address.ts';
import { modelRoot } from './model-root.ts';
import { toLocalFiles } from './to-local-files.ts';

const pathsOf = (files: readonly LocalFile[]) => files.map(({ path }) => path);

describe('files of an input', () => {
	const inFolder = (path: string) =>
		Object.assign(new File(['a'], path.slice(path.lastIndexOf('/') + 1)), {
			webkitRelativePath: path
		});

	test('of a folder stand relative to it, without the hidden ones', () => {
		const paths = ['m/config.json', 'm/onnx/model.onnx', 'm/.git/config', 'm/.DS_Store'];
		expect(pathsOf(toLocalFiles(paths.map(inFolder)))).toEqual(['config.json', 'onnx/model.onnx']);
	});

	test('that were chosen one by one have their graphs in the folder for graphs', () => {
		const names = ['config.json', 'model_q4.onnx', 'model_q4.onnx_data', 'model_q4.onnx_data_1'];
		expect(pathsOf(toLocalFiles(names.map((name) => new File([], name))))).toEqual([
			'config.json',
			'onnx/model_q4.onnx',
			'onnx/model_q4.onnx_data',
			'onnx/model_q4.onnx_data_1'
		]);
	});
});

test('a folder handle yields its files and those of its folders, but no hidden ones', async () => {
	const root = new MemoryDirectory();
	await root.getFileHandle('config.json', { create: true });
	await root.getFileHandle('.hidden', { create: true });
	const onnx = await root.getDirectoryHandle('onnx', { create: true });
	await onnx.getFileHandle('model.onnx', { create: true });
	const git = await root.getDirectoryHandle('.git', { create: true });
	await git.getFileHandle('config', { create: true });
	const found: LocalFile[] = [];
	for await (const file of directoryFiles(root.handle)) found.push(file);
	expect(pathsOf(found)).toEqual(['config.json', 'onnx/model.onnx']);
	expect(found[1]?.file.name).toBe('model.onnx');
});

describe('the model in a chosen folder', () => {
	const rootOf = (...paths: string[]) =>
		pathsOf(modelRoot(localFiles(Object.fromEntries(paths.map((path) => [path, 'a']))), 'chosen'));

	test('may lie in it, or in a folder in it', () => {
		expect(rootOf('config.json', 'onnx/model.onnx')).toEqual(['config.json', 'onnx/model.onnx']);
		expect(rootOf('a/b/config.json', 'a/b/onnx/model.onnx', 'notes.txt')).toEqual([
			'config.json',
			'onnx/model.onnx'
		]);
		expect(rootOf('a/mlc-chat-config.json')).toEqual(['mlc-chat-config.json']);
	});

	test('is not one of its own modules', () => {
		const paths = ['config.json', '1_Pooling/config.json', '2_Dense/config.json'];
		expect(rootOf(...paths)).toEqual(paths);
		expect(rootOf('1_Pooling/config.json', 'onnx/model.onnx')).toHaveLength(2);
	});

	test('must be the only one', () => {
		expect(() => rootOf('b/config.json', 'a/config.json', 'a/sub/config.json')).toThrow(
			expect.objectContaining({
				code: 'add/not-a-model',
				details: {
					title: 'chosen',
					reason: 'it holds several models (a, b); choose one of them'
				}
			})
		);
	});

	test.each([
		[{ _name_or_path: 'sentence-transformers/all-MiniLM-L6-v2' }, 'all-MiniLM-L6-v2'],
		[{ _name_or_path: 'C:\\models\\mine\\' }, 'mine'],
		[{ _name_or_path: './' }, 'The chosen folder'],
		[{}, 'The chosen folder'],
		['{', 'The chosen folder']
	])('that was saved as %j is called %s', async (config, name) => {
		expect(await localTitle(localFiles({ 'config.json': config }))).toBe(name);
	});
});
