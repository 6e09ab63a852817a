import { beforeEach, describe, expect, test } from 'vitest';
import type { ModelId, Sha256 } from '../../core/ids.ts';
import { localFiles, type SampleFiles } from '../../testing/sample-repositories.ts';
import { LocalFileRegistry } from './local-file-registry.ts';
import { localUrl, parseLocalUrl } from './local-url.ts';

const id = 'local-mini-q8@local-0123456789ab' as ModelId;
const sha256 = 'ab'.repeat(32) as Sha256;
const model = {
	...{ id, name: 'Mini' },
	files: [
		{ path: 'config.json', url: localUrl(id, 'config.json'), bytes: 4, sha256 },
		{ path: 'onnx/model.onnx', url: localUrl(id, 'onnx/model.onnx'), bytes: 7, sha256 }
	]
};
const right = { 'config.json': 'text', 'onnx/model.onnx': 'weights' };

let registry: LocalFileRegistry;

beforeEach(() => {
	registry = new LocalFileRegistry();
});

describe('the files of a model', () => {
	test('are known once they were given, until they are forgotten', async () => {
		expect(registry.has(id)).toBe(false);
		expect(registry.file(id, 'config.json')).toBeUndefined();
		registry.give(model, localFiles({ ...right, 'README.md': 'more' }));
		expect(registry.has(id)).toBe(true);
		expect(await registry.file(id, 'onnx/model.onnx')?.file.text()).toBe('weights');
		expect(registry.file(id, 'README.md')).toBeUndefined();
		registry.forget(id);
		expect(registry.has(id)).toBe(false);
	});

	test('may come in a folder of another name, beside others', () => {
		const around: SampleFiles = Object.fromEntries(
			Object.entries(right).map(([path, text]) => [`models/renamed/${path}`, text] as const)
		);
		const others = { 'models/other/config.json': 'none', 'config.json': 'x' };
		registry.give(model, localFiles({ ...others, ...around }));
		expect(registry.file(id, 'config.json')?.file.size).toBe(4);
	});

	test('that lie at an address need not be given', () => {
		const url = 'https://libs.test/a.wasm';
		const files = [...model.files, { path: 'a.wasm', url, bytes: 9, sha256 }];
		registry.give({ ...model, files }, localFiles(right));
		expect(registry.has(id)).toBe(true);
	});

	test.each([
		['one is missing', { 'config.json': 'text' }, 'onnx/model.onnx is missing'],
		[
			'one has another size',
			{ ...right, 'onnx/model.onnx': 'other weights' },
			'onnx/model.onnx has 13 bytes instead of 7'
		],
		['there are none', {}, 'config.json is missing']
	])('are refused when %s', (_, files, reason) => {
		expect(() => registry.give(model, localFiles(files))).toThrow(
			expect.objectContaining({ code: 'add/wrong-files', details: { name: 'Mini', reason } })
		);
		expect(registry.has(id)).toBe(false);
	});

	test('stay those that were given before, when wrong ones are offered', () => {
		registry.give(model, localFiles(right));
		expect(() => registry.give(model, [])).toThrow();
		expect(registry.file(id, 'config.json')?.file.size).toBe(4);
	});
});

describe('the address of a local file', () => {
	test.each(['onnx/model.onnx', 'a b/100 %.json', 'q?#.json', 'ä.json'])(
		'leads back to %s, also through the parser of addresses',
		(path) => {
			const url = new URL(localUrl(id, path), 'https://sam.test/').href;
			expect(parseLocalUrl(url)).toEqual({ model: id, path });
		}
	);

	test.each(['https://a.test/b', 'models/a.bin', 'local:', 'local:a'])('is not %s', (url) => {
		expect(parseLocalUrl(url)).toBeNull();
	});
});
