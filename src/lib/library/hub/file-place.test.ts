import { describe, expect, test } from 'vitest';
import { placeOfUrl, urlOfPlace, type FilePlace } from './file-place.ts';

const onHub: FilePlace = {
	source: { host: 'huggingface', repository: 'o/n' },
	revision: 'main',
	path: 'onnx/model.onnx'
};
const onGithub: FilePlace = { ...onHub, source: { host: 'github', repository: 'o/n' } };

describe('a file of a repository has an address', () => {
	test('on the model hub', () => {
		expect(urlOfPlace(onHub)).toBe('https://huggingface.co/o/n/resolve/main/onnx/model.onnx');
	});

	test('on GitHub', () => {
		expect(urlOfPlace(onGithub)).toBe('https://raw.githubusercontent.com/o/n/main/onnx/model.onnx');
	});

	test('with its odd characters escaped', () => {
		expect(urlOfPlace({ ...onHub, revision: 'refs/pr/1', path: 'a b/c#d?.bin' })).toBe(
			'https://huggingface.co/o/n/resolve/refs%2Fpr%2F1/a%20b/c%23d%3F.bin'
		);
	});

	test.each([onHub, onGithub, { ...onHub, revision: 'refs/pr/1', path: 'a b/c#d?.bin' }])(
		'from which it can be told again: %j',
		(place) => expect(placeOfUrl(urlOfPlace(place))).toEqual(place)
	);
});

test.each([
	'https://models.example/o/n/resolve/main/a.bin',
	'https://huggingface.co/o/n',
	'https://huggingface.co/o/n/blob/main/a.bin',
	'https://raw.githubusercontent.com/o/n/main',
	'models/tiny/a.bin'
])('%s names no file of a repository', (url) => expect(placeOfUrl(url)).toBeNull());
