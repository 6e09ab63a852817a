import { describe, expect, test } from 'vitest';
import { adapterFolders } from './adapter-files.ts';

const foldersOf = (...paths: string[]): readonly (readonly [string, readonly string[]])[] =>
	adapterFolders(paths.map((path) => ({ path }))).map(
		({ folder, files }) => [folder, [...files.keys()]] as const
	);

describe('an adapter is found', () => {
	test('at the top, with the files of its own', () => {
		expect(
			foldersOf('adapter_config.json', 'adapter_model.safetensors', 'README.md', 'optimizer.pt')
		).toEqual([['', ['adapter_config.json', 'adapter_model.safetensors']]]);
	});

	test('at any depth', () => {
		expect(foldersOf('a/b/adapter_model.safetensors', 'a/b/adapter_config.json')).toEqual([
			['a/b', ['adapter_model.safetensors', 'adapter_config.json']]
		]);
	});

	test('with its shards, and with files of formats that will be refused', () => {
		const names = [
			'adapter_config.json',
			'adapter_model-00001-of-00002.safetensors',
			'adapter_model-00002-of-00002.safetensors',
			'adapter_model.safetensors.index.json',
			'adapter_model.bin'
		];
		expect(foldersOf(...names)).toEqual([['', names]]);
	});
});

test('several are found in the order of their steps, the one at the top first', () => {
	const folders = ['checkpoint-1000', '', 'checkpoint-500'].map((folder) =>
		[folder, 'adapter_config.json'].filter(Boolean).join('/')
	);
	expect(foldersOf(...folders).map(([folder]) => folder)).toEqual([
		'',
		'checkpoint-500',
		'checkpoint-1000'
	]);
});

test.each([
	[['adapter_model.safetensors']],
	[['config.json', 'model.safetensors']],
	[['my_adapter_config.json']],
	[[]]
])('there is none in %j', (paths) => expect(foldersOf(...paths)).toEqual([]));
