import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { EntryId, Sha256 } from '../../src/lib/core/ids.ts';
import type { EmbeddingSpec } from '../../src/lib/core/model-spec.ts';
import type { CatalogEntry } from '../../src/lib/library/catalog/catalog-entry.ts';
import type { ModelFileMap } from '../fixtures/tiny-models/model-file-map.ts';
import { buildTinyBert, type TinyBertOptions } from '../fixtures/tiny-models/tiny-bert.ts';
import { buildTinyLlama, type LlamaShape } from '../fixtures/tiny-models/tiny-llama.ts';
import type { BenchSite } from './bench-site.ts';
import { BytesFile } from './bytes-file.ts';
import { DiskFile } from './disk-file.ts';
import type { ServedBytes } from './served-bytes.ts';

/** A model to measure with, made when it is needed and never kept. */
export interface BenchModel {
	/** Named after it: its entry, its folder on the server. */
	readonly id: string;
	/** For tables. */
	readonly title: string;
	readonly dtype: string;
	readonly contextTokens: number;
	/** Null for models that chat. */
	readonly embedding: EmbeddingSpec | null;
	readonly files: ReadonlyMap<string, ServedBytes>;
}

const graphPath = 'onnx/model.onnx';

/** 60 MB in 32-bit numbers; a token takes a few milliseconds on one core. Never comes to an end by itself. */
const smallShape: LlamaShape = {
	layers: 8,
	heads: 8,
	keyValueHeads: 4,
	headSize: 48,
	feedForward: 1152
};

export function smallLlama(): BenchModel {
	const files = buildTinyLlama({ endless: true, shape: smallShape });
	return chatModel('small-llama', 'Llama, 14 million weights', filesOf(files));
}

/** Wide enough that nearly all time goes into products: 12 million weights a layer. */
export const wideShape: LlamaShape = {
	layers: 3,
	heads: 16,
	keyValueHeads: 8,
	headSize: 64,
	feedForward: 2816
};

/** With so many of the wide layers; each takes 47 MB. Never comes to an end by itself. */
export function wideLlama(layers = wideShape.layers): BenchModel {
	const files = buildTinyLlama({ endless: true, shape: { ...wideShape, layers } });
	return chatModel(`wide-llama-${layers}`, `Llama, ${layers} layers of 1024`, filesOf(files));
}

/** 75 MB. */
export function largerLlama(): BenchModel {
	const files = buildTinyLlama({ endless: true, shape: { ...smallShape, layers: 10 } });
	return chatModel('larger-llama', 'Llama, 18 million weights', filesOf(files));
}

/** The small one, but its graph breaks off shortly before its end: it is read whole, and cannot be loaded. */
export function brokenLlama(): BenchModel {
	const files = new Map(buildTinyLlama({ endless: true, shape: smallShape }));
	files.set(graphPath, (files.get(graphPath) ?? new Uint8Array()).slice(0, -65_536));
	return chatModel('broken-llama', 'broken Llama', filesOf(files));
}

/** 2 MB, for devices that are slow. */
export function tinyLlama(): BenchModel {
	return chatModel('tiny-llama', 'tiny Llama', filesOf(buildTinyLlama({ endless: true })));
}

/** As wide and deep as the embedding models that people use most: 6 layers of 384, 11 million weights. */
export function smallBert(): BenchModel {
	return embedder('small-bert', 'BERT, 12 million weights', {
		...{ hidden: 384, layers: 6, heads: 12, feedForward: 1536 },
		seed: 384
	});
}

export function tinyBert(): BenchModel {
	return embedder('tiny-bert', 'tiny BERT', { hidden: 96, layers: 2, seed: 96 });
}

/**
 * The model in the folder that the environment names, laid out as in its repository. Undefined when it names none.
 * Of several graphs the folder must hold one only.
 */
export function modelOfEnvironment(): BenchModel | undefined {
	const folder = process.env.TRANSFORMERS_TEST_MODEL;
	if (!folder) return undefined;
	const files = new Map<string, ServedBytes>();
	for (const item of readdirSync(folder, { recursive: true, withFileTypes: true })) {
		const file = join(item.parentPath, item.name);
		const path = relative(folder, file).replaceAll(sep, '/');
		if (item.isFile() && /^(?!\.)[^/]+\.(json|jinja)$|^onnx\//.test(path))
			files.set(path, new DiskFile(file));
	}
	const graphs = [...files.keys()].filter((path) => path.endsWith('.onnx'));
	const [graph] = graphs;
	if (graph === undefined || graphs.length > 1)
		throw new Error(`${folder} has ${graphs.length} graphs under onnx/; one is needed.`);
	const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as {
		readonly max_position_embeddings?: number;
	};
	const contextTokens = Math.min(config.max_position_embeddings ?? 4096, 4096);
	return { ...chatModel('own', folder, files), dtype: dtypeOf(graph), contextTokens };
}

/** Puts the model's files on the server. Returns what a catalog says of it. */
export function serveModel(site: BenchSite, model: BenchModel): CatalogEntry {
	const { id, title: name, dtype, contextTokens, embedding } = model;
	return {
		...{ id: id as EntryId, name, dtype, contextTokens, embedding },
		family: 'Bench',
		summary: 'A model to measure with.',
		engine: 'transformers',
		tasks: [embedding === null ? 'generate' : 'embed'],
		parameters: null,
		licence: null,
		source: null,
		revision: '1',
		integrity: 'catalog',
		files: [...model.files].map(([path, file]) => ({
			path,
			url: site.files.serve(`${id}/${path}`, { file }),
			bytes: file.bytes,
			sha256: file.sha256 as Sha256
		})),
		needs: [],
		replaces: [],
		modelLibrary: null
	};
}

function chatModel(id: string, title: string, files: ReadonlyMap<string, ServedBytes>): BenchModel {
	return { id, title, dtype: 'fp32', contextTokens: 8192, embedding: null, files };
}

function embedder(id: string, title: string, options: TinyBertOptions): BenchModel {
	return {
		...{ id, title, dtype: 'fp32', contextTokens: 512 },
		embedding: {
			dims: options.hidden,
			pooling: 'mean',
			prefixes: { query: '', passage: '' },
			normalise: true,
			maxTokens: 512
		},
		files: filesOf(buildTinyBert(options))
	};
}

function filesOf(files: ModelFileMap): ReadonlyMap<string, ServedBytes> {
	return new Map([...files].map(([path, content]) => [path, new BytesFile(content)]));
}

function dtypeOf(graph: string): string {
	const suffix = /_(fp16|quantized|int8|uint8|q4f16|q4|bnb4)\.onnx$/.exec(graph)?.[1];
	return suffix === 'quantized' ? 'q8' : (suffix ?? 'fp32');
}
