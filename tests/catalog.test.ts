import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { prebuiltAppConfig } from '@mlc-ai/web-llm';
import { describe, expect, test } from 'vitest';
import { catalogSchemaJson } from '../scripts/write-catalog-schema.ts';
import { builtInEntry } from '../src/lib/library/entry-of.ts';
import { starterModels } from '../src/lib/engines/starter/starter-models.ts';
import { webLlmAbi } from '../src/lib/engines/webllm/web-llm-abi.ts';
import type { CatalogEntry } from '../src/lib/library/catalog/catalog-entry.ts';
import { entryFaults } from '../src/lib/library/catalog/catalog-rules.ts';
import { parseCatalog } from '../src/lib/library/catalog/parse-catalog.ts';

const fileOf = (name: string): string =>
	readFileSync(new URL(`../static/${name}`, import.meta.url), 'utf8');
const json: unknown = JSON.parse(fileOf('catalog.json'));
const catalog = parseCatalog(json);
const embedders = catalog.filter(({ embedding }) => embedding);
const downloads = catalog.filter(({ files }) => files.length > 0);
const onWebLlm = downloads.filter(({ modelLibrary }) => modelLibrary);
const onTransformers = downloads.filter(({ modelLibrary }) => !modelLibrary);

function pathsOf({ files }: CatalogEntry): string[] {
	return files.map(({ path }) => path);
}

describe('the catalog that is shipped', () => {
	test('offers models for search and for chat, on every engine', () => {
		expect(catalog.length).toBeGreaterThanOrEqual(16);
		expect(downloads.filter(({ embedding }) => embedding).length).toBeGreaterThanOrEqual(6);
		expect(new Set(catalog.map(({ engine }) => engine))).toEqual(
			new Set(['starter', 'transformers', 'webllm', 'deepseek'])
		);
	});

	test('has the built-in models of the bundle, word for word', () => {
		const builtIn = catalog.filter(({ integrity }) => integrity === 'built-in');
		expect(builtIn).toMatchObject(starterModels);
		expect(builtIn).toHaveLength(starterModels.length);
	});

	test('replaces only models that it has, and never in a circle', () => {
		const entries = new Map(catalog.map((entry) => [entry.id, entry]));
		const betterThan = (id: string, seen: readonly string[]): void => {
			expect(seen, `${id} replaces itself`).not.toContain(id);
			for (const next of entries.get(id as never)?.replaces ?? []) {
				expect(entries.has(next), next).toBe(true);
				betterThan(next, [...seen, id]);
			}
		};
		for (const { id } of catalog) betterThan(id, []);
	});

	test('offers Starter 2 in place of Starter 1', () => {
		expect(catalog.find(({ name }) => name === 'Starter 2')?.replaces).toEqual(['starter-1']);
	});

	test('tells each model in a sentence of its own', () => {
		const summaries = catalog.map(({ summary }) => summary);
		for (const summary of summaries) expect(summary).toMatch(/^[A-Z].{20,150}\.$/);
		expect(new Set(summaries).size).toBe(summaries.length);
	});

	test('is described by the schema that `npm run catalog:schema` writes', async () => {
		expect(fileOf('catalog.schema.json')).toBe(await catalogSchemaJson());
		expect(json).toMatchObject({ $schema: './catalog.schema.json' });
		expect(jsonFaults(json)).toBeNull();
	});

	test('is refused by that schema where a field has gone', () => {
		const { models } = json as { models: Record<string, unknown>[] };
		const without = models.map(({ licence, ...rest }) => (licence ? rest : {}));
		expect(jsonFaults({ ...(json as object), models: without })).toContain('licence');
	});
});

describe.each(embedders)('$id makes vectors', (entry) => {
	test('of a width that the index takes, for questions and passages alike', () => {
		const { dims, maxTokens, prefixes } = entry.embedding!;
		expect(dims).toBeLessThanOrEqual(768);
		expect(maxTokens ?? 0).toBeLessThanOrEqual(entry.contextTokens);
		// A prefix ends where the text begins: without the blank, two words would become one.
		for (const prefix of [prefixes.query, prefixes.passage]) expect(prefix).toMatch(/^$|^\S.*: $/);
	});
});

describe.each(onTransformers)('$id lists', (entry) => {
	test('each file that Transformers.js reads, and no other', () => {
		const weights = `onnx/model${suffixes[entry.dtype!] ?? 'unknown'}.onnx`;
		const read = ['config.json', 'tokenizer.json', 'tokenizer_config.json'];
		if (entry.tasks.includes('generate')) read.push('generation_config.json');
		const paths = pathsOf(entry).filter((path) => !path.startsWith('onnx/'));
		expect(paths.toSorted()).toEqual(read.toSorted());
		const onnx = pathsOf(entry).filter((path) => path.startsWith('onnx/'));
		expect([weights, `${weights}*`]).toContain(onnx[0]);
		expect([undefined, `${weights}_data`]).toContain(onnx[1]);
	});
});

describe.each(onWebLlm)('$id lists', (entry) => {
	test('each file that WebLLM reads, and a model library of the one ABI', () => {
		const { abi, path } = entry.modelLibrary!;
		// The list of weights has an older name in repositories that are older.
		const read = ['mlc-chat-config.json', 'params_shard_*.bin', '*-cache.json'];
		expect(pathsOf(entry).toSorted()).toEqual([...read, 'tokenizer.json', path].toSorted());
		expect(abi).toBe(webLlmAbi);
		const library = entry.files.find((file) => file.path === path);
		expect(library?.url).toContain(`/web-llm-models/${abi}/${path}`);
		expect(path).toContain(entry.dtype);
	});

	test('the library that WebLLM itself runs these weights with, and no longer context', () => {
		const weights = `https://huggingface.co/${entry.source!.repository}`;
		const known = prebuiltAppConfig.model_list.filter(({ model }) => model === weights);
		const library = entry.files.find((file) => file.path === entry.modelLibrary!.path);
		expect(known.map(({ model_lib }) => model_lib)).toContain(library?.url);
		const windows = known.map(({ overrides }) => overrides?.context_window_size ?? Infinity);
		expect(Math.max(...windows)).toBeGreaterThanOrEqual(entry.contextTokens);
	});

	test('nothing that WebLLM cannot do: one task, and of vectors the first token alone', () => {
		expect(entry.tasks).toHaveLength(1);
		expect(['cls', undefined]).toContain(entry.embedding?.pooling);
	});
});

/** Between `model` and `.onnx`, as Transformers.js names its quantisations. */
const suffixes: Readonly<Record<string, string>> = {
	fp32: '',
	fp16: '_fp16',
	q8: '_quantized',
	q4: '_q4',
	q4f16: '_q4f16'
};

interface Validator {
	validate(schema: unknown, data: unknown): boolean;
	errorsText(): string;
}

/** Checked by the validator that comes with eslint, which knows nothing of our own schema library. */
function jsonFaults(data: unknown): string | null {
	const ofEslint = createRequire(import.meta.resolve('eslint/package.json'));
	const Ajv = ofEslint('ajv') as new () => Validator;
	const validator = new Ajv();
	const schema: unknown = JSON.parse(fileOf('catalog.schema.json'));
	return validator.validate(schema, data) ? null : validator.errorsText();
}

test('without a catalog, the models in the bundle are entries that can be listed all the same', () => {
	for (const spec of starterModels) {
		const entry = builtInEntry(spec);
		expect(entryFaults(entry)).toEqual([]);
		expect(entry).toMatchObject({ id: spec.id, name: spec.name, integrity: 'built-in', files: [] });
	}
});
