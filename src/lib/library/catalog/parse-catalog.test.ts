import { describe, expect, test } from 'vitest';
import { AppError } from '../../core/errors.ts';
import { parseCatalog } from './parse-catalog.ts';

const file = {
	path: 'onnx/model.onnx',
	url: 'https://hub.test/model.onnx',
	bytes: 10,
	sha256: 'ab'.repeat(32)
};
const entry = {
	id: 'mini-1.5',
	name: 'Mini',
	engine: 'transformers',
	revision: 'abc',
	tasks: ['generate'],
	contextTokens: 2048,
	dtype: 'q8',
	embedding: null,
	files: [file],
	family: 'Mini',
	summary: 'Small.',
	parameters: 1_000_000,
	licence: { name: 'MIT', url: 'https://opensource.org/license/mit' },
	source: 'https://hub.test/mini',
	needs: ['webgpu'],
	replaces: []
};
const embedding = {
	dims: 384,
	pooling: 'mean',
	prefixes: { query: 'query: ', passage: '' },
	normalise: true,
	maxTokens: 512
};

const catalogOf = (...models: unknown[]) => ({ version: 1, models });
const withFile = (change: object) => catalogOf({ ...entry, files: [{ ...file, ...change }] });

function reasonOf(json: unknown): string {
	try {
		parseCatalog(json);
	} catch (error) {
		if (error instanceof AppError && error.code === 'catalog/invalid')
			return JSON.stringify(error.details.reason).slice(1, -1).replaceAll('\\"', '"');
	}
	return 'accepted';
}

describe('a catalog is accepted', () => {
	test('with its models in order', () => {
		const other = { ...entry, id: 'other', tasks: ['embed'], embedding };
		expect(parseCatalog(catalogOf(other, entry))).toEqual([other, entry]);
	});

	test('with no models', () => {
		expect(parseCatalog(catalogOf())).toEqual([]);
	});

	test.each(['model.onnx', '/models/a/model.onnx', 'models/a.bin?v=1', 'https://a.b/c'])(
		'with files at %s',
		(url) => expect(reasonOf(withFile({ url }))).toBe('accepted')
	);
});

describe('a catalog is refused, with the place of the fault', () => {
	test.each<[string, unknown, RegExp]>([
		['nothing', null, /^the catalog: must be of type object/],
		['another version', { version: 2, models: [] }, /^version: must be one of 1/],
		[
			'an unknown field',
			{ version: 1, models: [], extra: 1 },
			/^the catalog: has the unknown field "extra"/
		],
		['a missing field', catalogOf({ ...entry, name: undefined }), /^models\[0\]\.name: /],
		['a blank name', catalogOf({ ...entry, name: ' ' }), /^models\[0\]\.name: /],
		['an unknown task', catalogOf({ ...entry, tasks: ['sing'] }), /^models\[0\]\.tasks\[0\]: /],
		['no task', catalogOf({ ...entry, tasks: [] }), /^models\[0\]\.tasks: /],
		['an id twice', catalogOf(entry, entry), /^models: must not have the same id twice/],
		['an id with a slash', catalogOf({ ...entry, id: 'a/b' }), /^models\[0\]\.id: must be an id/],
		[
			'a path twice',
			catalogOf({ ...entry, files: [file, file] }),
			/^models\[0\]\.files: must not have the same path twice/
		],
		[
			'an embedding model without its spec',
			catalogOf(entry, { ...entry, id: 'b', tasks: ['embed'] }),
			/^models\[1\]\.embedding: must be given/
		],
		['a chat model with one', catalogOf({ ...entry, embedding }), /^models\[0\]\.embedding: /],
		['a short digest', withFile({ sha256: 'abc' }), /^models\[0\]\.files\[0\]\.sha256: must be 64/],
		['an upper-case digest', withFile({ sha256: 'AB'.repeat(32) }), /\.sha256: /],
		['an empty file', withFile({ bytes: 0 }), /\.bytes: /],
		['half a byte', withFile({ bytes: 1.5 }), /\.bytes: /],
		['plain http', withFile({ url: 'http://hub.test/a' }), /\.url: must be a relative or https/],
		['an address without scheme', withFile({ url: '//hub.test/a' }), /\.url: /],
		['a script address', withFile({ url: 'javascript:alert(1)' }), /\.url: /],
		['a path that climbs', withFile({ path: 'onnx/../../a' }), /\.path: /],
		['an absolute path', withFile({ path: '/a' }), /\.path: /]
	])('%s', (_, json, reason) => expect(reasonOf(json)).toMatch(reason));
});
