import { describe, expect, test } from 'vitest';
import { AppError } from '../../core/errors.ts';
import { parseCatalog } from './parse-catalog.ts';

const commit = 'c0ffee'.padEnd(40, '0');
const sha256 = 'ab'.repeat(32);
const file = { path: 'onnx/model.onnx', url: null, bytes: 10, sha256 };
const unknown = { url: null, bytes: null, sha256: null };
const entry = {
	id: 'mini-1.5',
	name: 'Mini',
	family: 'Mini',
	summary: 'Small.',
	engine: 'transformers',
	tasks: ['generate'],
	parameters: 1_000_000,
	dtype: 'q8',
	contextTokens: 2048,
	embedding: null,
	licence: { name: 'MIT', url: 'https://opensource.org/license/mit' },
	source: { host: 'huggingface', repository: 'hub-test/mini' },
	revision: commit,
	integrity: 'catalog',
	files: [file],
	needs: ['webgpu'],
	replaces: [],
	modelLibrary: null
};
const embedding = {
	dims: 384,
	pooling: 'mean',
	prefixes: { query: 'query: ', passage: '' },
	normalise: true,
	maxTokens: 512
};
const other = { ...entry, id: 'other', name: 'Other', tasks: ['embed'], embedding };
const builtIn = { ...entry, integrity: 'built-in', files: [], source: null, revision: '1' };
const published = {
	...entry,
	integrity: 'publisher',
	revision: 'main',
	files: [{ ...unknown, path: 'params_shard_*.bin' }]
};
const library = { ...unknown, path: 'mini.wasm', url: 'https://hub.test/mini.wasm' };
const compiled = {
	...published,
	engine: 'webllm',
	files: [...published.files, library],
	modelLibrary: { abi: 'v1/base', path: 'mini.wasm' }
};

const catalogOf = (...models: unknown[]) => ({ version: 2, models });
const withFile = (change: object) => catalogOf({ ...entry, files: [{ ...file, ...change }] });
const published1 = (change: object) =>
	catalogOf({ ...published, files: [{ ...unknown, path: 'a.bin', ...change }] });

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
		expect(parseCatalog(catalogOf(other, entry))).toEqual([other, entry]);
	});

	test('with no models, and with the address of its schema', () => {
		expect(parseCatalog({ ...catalogOf(), $schema: './catalog.schema.json' })).toEqual([]);
	});

	test.each<[string, object]>([
		['a built-in model', builtIn],
		['a model of a plugin', { ...builtIn, engine: 'my-engine' }],
		['a model that its publisher vouches for', published],
		['one that is pinned to a commit all the same', { ...published, revision: commit }],
		['one with a digest that is known already', { ...published, files: [file] }],
		['one with a model library from elsewhere', compiled],
		['a reasoning model on either runtime', { ...compiled, engine: 'deepseek' }],
		['a better choice than another', { ...entry, replaces: ['other'] }],
		[
			'files of our own origin, without a repository',
			{ ...entry, source: null, revision: '1', files: [{ ...file, url: 'models/a.bin?v=1' }] }
		]
	])('with %s', (_, model) => expect(reasonOf(catalogOf(other, model))).toBe('accepted'));

	test.each(['model.onnx', '/models/a/model.onnx', 'https://a.b/c'])('with files at %s', (url) =>
		expect(reasonOf(withFile({ url }))).toBe('accepted')
	);
});

describe('a catalog is refused, with the place of the fault', () => {
	test.each<[string, unknown, RegExp]>([
		['nothing', null, /^the catalog: must be of type object/],
		['no version', { models: [] }, /^version: must be one of 2/],
		[
			'an older version',
			{ version: 1, models: [entry] },
			/^version: it was written for another version of SAM \(1\)/
		],
		['a newer version', { version: 3, entries: {} }, /^version: .* another version of SAM \(3\)/],
		[
			'an unknown field',
			{ ...catalogOf(), extra: 1 },
			/^the catalog: has the unknown field "extra"/
		],
		['a missing field', catalogOf({ ...entry, name: undefined }), /^models\[0\]\.name: /],
		['a blank name', catalogOf({ ...entry, name: ' ' }), /^models\[0\]\.name: must be text/],
		['an unknown task', catalogOf({ ...entry, tasks: ['sing'] }), /^models\[0\]\.tasks\[0\]: /],
		['no task', catalogOf({ ...entry, tasks: [] }), /^models\[0\]\.tasks: /],
		['a strange engine', catalogOf({ ...entry, engine: 'My engine' }), /^models\[0\]\.engine: /],
		[
			'a licence without TLS',
			catalogOf({ ...entry, licence: { name: 'MIT', url: 'http://mit.test' } }),
			/^models\[0\]\.licence\.url: must be an https address/
		],
		[
			'a repository without owner',
			catalogOf({ ...entry, source: { host: 'github', repository: 'mini' } }),
			/^models\[0\]\.source\.repository: must be an owner/
		],
		['an id twice', catalogOf(entry, entry), /^models: must not have the same id twice/],
		[
			'a name twice',
			catalogOf(entry, { ...entry, id: 'b' }),
			/^models: must not have the same name twice/
		],
		['an id with a slash', catalogOf({ ...entry, id: 'a/b' }), /^models\[0\]\.id: must be an id/],
		[
			'a path twice',
			catalogOf({ ...entry, files: [file, file] }),
			/^models\[0\]\.files: must not have the same path twice/
		],
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

describe('an entry is refused that contradicts itself', () => {
	const inFile = '^models\\[0\\]\\.files\\[0\\]\\.';

	test.each<[string, unknown, string]>([
		[
			'an embedding model without its spec',
			catalogOf(entry, { ...other, embedding: null }),
			'^models\\[1\\]\\.embedding: must be given'
		],
		['a chat model with one', catalogOf({ ...entry, embedding }), '^models\\[0\\]\\.embedding: '],
		[
			'a built-in model with files',
			catalogOf({ ...entry, integrity: 'built-in' }),
			'^models\\[0\\]\\.files: must be empty'
		],
		[
			'a model to download without files',
			catalogOf({ ...entry, files: [] }),
			'^models\\[0\\]\\.integrity: must be "built-in"'
		],
		['an unknown size', withFile({ bytes: null }), `${inFile}bytes: must be given, because`],
		['an unknown digest', withFile({ sha256: null }), `${inFile}sha256: must be given, because`],
		['a pattern with a digest', withFile({ path: 'a_*.bin' }), `${inFile}path: must name one file`],
		[
			'digests of a branch',
			catalogOf({ ...entry, revision: 'main' }),
			'^models\\[0\\]\\.revision: must be a commit'
		],
		[
			'half a commit',
			catalogOf({ ...entry, revision: commit.slice(20) }),
			'^models\\[0\\]\\.revision: must be a commit'
		],
		[
			'files from nowhere',
			catalogOf({ ...entry, source: null }),
			'^models\\[0\\]\\.source: must say whose repository'
		],
		[
			'a publisher that is nobody',
			catalogOf({ ...published, source: null }),
			'^models\\[0\\]\\.source: must say whose repository'
		],
		[
			'a pattern of known size',
			published1({ path: 'a_*.bin', bytes: 1 }),
			`${inFile}bytes: must be null`
		],
		[
			'a pattern at an address',
			published1({ path: 'a_*.bin', url: 'https://hub.test/a' }),
			`${inFile}url: must be null`
		],
		['a digest without a size', published1({ sha256 }), `${inFile}bytes: must be given where`],
		[
			'a replacement of nothing',
			catalogOf({ ...entry, replaces: ['gone'] }),
			'^models\\[0\\]\\.replaces\\[0\\]: must be the id of a model'
		],
		[
			'a replacement of itself',
			catalogOf({ ...entry, replaces: [entry.id] }),
			'^models\\[0\\]\\.replaces\\[0\\]: must not be the model itself'
		],
		[
			'WebLLM without a model library',
			catalogOf({ ...compiled, modelLibrary: null }),
			'^models\\[0\\]\\.modelLibrary: must be given'
		],
		[
			'a model library that is not among the files',
			catalogOf({ ...compiled, files: published.files }),
			'^models\\[0\\]\\.modelLibrary\\.path: must be the path of one'
		]
	])('%s', (_, json, reason) => expect(reasonOf(json)).toMatch(new RegExp(reason)));
});
