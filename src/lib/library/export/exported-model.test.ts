import { describe, expect, test } from 'vitest';
import type { EntryId, ModelId, Sha256 } from '../../core/ids.ts';
import type { FrozenModel } from '../frozen-model.ts';
import { exportedModelOf, parseExportedModel, type ExportedModel } from './exported-model.ts';

const model: FrozenModel = {
	spec: {
		id: 'mini-q8@0123456789ab' as ModelId,
		...{ name: 'Mini', engine: 'transformers', revision: '0123456789'.repeat(4) },
		...{ tasks: ['embed'], contextTokens: 512, dtype: 'q8' },
		embedding: {
			...{ dims: 384, pooling: 'mean', normalise: true, maxTokens: null },
			prefixes: { query: 'query: ', passage: '' }
		},
		files: [
			{
				path: 'onnx/model.onnx',
				url: 'https://hub.test/mini/onnx/model.onnx',
				bytes: 1000,
				sha256: 'ab'.repeat(32) as Sha256
			}
		],
		modelLibrary: { abi: 'v1', path: 'mini.wasm' },
		reasoning: { open: '<think>', close: '</think>', opened: true }
	},
	about: {
		entry: 'mini-q8' as EntryId,
		...{ family: 'Mini', summary: 'Small.', parameters: 1000, needs: ['webgpu'], replaces: [] },
		licence: { name: 'MIT', url: 'https://opensource.org/license/mit' },
		source: { host: 'huggingface', repository: 'acme/mini' },
		...{ origin: 'hub', integrity: 'publisher' }
	}
};

const written = (): ExportedModel => exportedModelOf(model);
const parse = (json: object) => parseExportedModel(JSON.stringify(json), 'chosen');
const reason = (text: string): unknown =>
	expect.objectContaining({ code: 'add/not-a-model', details: { title: 'chosen', reason: text } });

describe('the description of an exported model', () => {
	test('is read as it was written, and tells no addresses', () => {
		const { files, ...spec } = model.spec;
		expect(parse(written())).toEqual({
			...{ version: 1, spec, about: model.about },
			files: files.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 }))
		});
		expect(JSON.stringify(written())).not.toContain('https://hub.test');
	});

	test('needs no compiled code, no licence and no source', () => {
		const { modelLibrary: _, ...spec } = model.spec;
		const about = { ...model.about, licence: null, source: null, parameters: null };
		const bare = parse(exportedModelOf({ spec, about }));
		expect(bare.spec.modelLibrary).toBeNull();
		expect(bare.about).toEqual(about);
	});

	test('may hold more than this version knows', () => {
		const json = written();
		const more = parse({ ...json, spec: { ...json.spec, colour: 'red' }, signature: 'abc' });
		expect(more).toEqual(parse(written()));
	});

	test('of a newer version is left alone', () => {
		expect(() => parse({ version: 2, spec: {} })).toThrow(
			reason('sam-model.json was written by a newer SAM (version 2)')
		);
	});

	test.each([
		['not JSON', '{"version":', 'sam-model.json is not JSON'],
		['something else', '"text"', 'sam-model.json is damaged at its start'],
		['without a version', '{}', 'sam-model.json is damaged at version']
	])('is refused when it is %s', (_, text, why) => {
		expect(() => parseExportedModel(text, 'chosen')).toThrow(reason(why));
	});

	const file = { path: 'a', bytes: 1, sha256: 'ab'.repeat(32) };
	test.each([
		['files', []],
		['files.0.path', [{ ...file, path: '../a' }]],
		['files.0.path', [{ ...file, path: '/a' }]],
		['files.0.path', [{ ...file, path: 'a/./b' }]],
		['files.0.bytes', [{ ...file, bytes: -1 }]],
		['files.0.sha256', [{ ...file, sha256: 'ab' }]]
	])('is refused when %s is wrong: %j', (place, files) => {
		expect(() => parse({ ...written(), files })).toThrow(
			reason(`sam-model.json is damaged at ${place}`)
		);
	});

	test('is refused with an id that could be mistaken for a path', () => {
		const json = written();
		const about = { ...json.about, entry: '../other' };
		expect(() => parse({ ...json, about })).toThrow(
			reason('sam-model.json is damaged at about.entry')
		);
	});
});
