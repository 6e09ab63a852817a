import type { EmbeddingSpec, Task } from '../../core/model-spec.ts';
import type { CatalogEntry } from '../catalog/catalog-entry.ts';
import { addedEntry } from './added-entry.ts';
import { numberIn, readConfig, textIn, type Config } from './config-reader.ts';
import { embeddingDetails } from './embedding-details.ts';
import { variantsOf, type FoundVariants } from './found-variants.ts';
import { listedFiles } from './listed-files.ts';
import { notAModel } from './not-a-model.ts';
import { findGraphs, type OnnxGraph } from './onnx-graphs.ts';
import type { RepositoryView } from './repository-view.ts';
import { textTask } from './text-task.ts';

/** Best for most devices first: vectors must be true, answers must fit into memory. */
const preferred: Readonly<Record<Task, readonly string[]>> = {
	embed: ['q8', 'int8', 'uint8', 'fp32', 'fp16', 'q4', 'q4f16', 'bnb4'],
	generate: ['q4f16', 'q4', 'q8', 'int8', 'uint8', 'bnb4', 'fp16', 'fp32']
};

/** More would cost memory that few devices have. */
const chatTokens = 8192;
const assumedTokens = 2048;

/** What Transformers.js reads besides the graph; those after the first three only where they are there. */
const alwaysRead = ['config.json', 'tokenizer.json', 'tokenizer_config.json'];
const chatFiles = ['generation_config.json', 'chat_template.jinja'];

/** The quantisations of a model in ONNX format for Transformers.js. Errors: `add/not-a-model`. */
export async function onnxVariants(view: RepositoryView): Promise<FoundVariants> {
	const paths = new Set(view.files.map(({ path }) => path));
	const config = await readConfig(view, 'config.json');
	if (!config) throw notAModel(view.title, 'config.json is missing');
	const { task, assumptions } = await textTask(view, config);
	const { complete, leftOut } = usableGraphs(view, paths, findGraphs(paths, config));
	for (const path of alwaysRead)
		if (!paths.has(path)) throw notAModel(view.title, `${path} is missing`);
	const details = await (task === 'embed' ? embedding(view, config) : chat(view, config));
	const read = [...alwaysRead, ...(task === 'generate' ? chatFiles : [])];
	const entries: CatalogEntry[] = [];
	for (const { dtype, path, data } of complete)
		entries.push(
			addedEntry(view, {
				dtype,
				family: textIn(config, 'model_type') ?? 'unknown',
				engine: engineFor(view, task),
				tasks: [task],
				contextTokens: details.contextTokens,
				embedding: details.embedding,
				files: await listedFiles(view, [...read, path, ...data]),
				modelLibrary: null
			})
		);
	return {
		variants: variantsOf(entries, preferred[task]),
		assumptions: [...assumptions, ...details.assumptions, ...leftOut]
	};
}

/** Models that think aloud need an engine that tells their thoughts from their answers. */
function engineFor({ title }: RepositoryView, task: Task): string {
	return task === 'generate' && /deepseek-r1/i.test(title) ? 'deepseek' : 'transformers';
}

function usableGraphs(
	view: RepositoryView,
	paths: ReadonlySet<string>,
	graphs: readonly OnnxGraph[]
): { readonly complete: readonly OnnxGraph[]; readonly leftOut: readonly string[] } {
	if (graphs.length === 0) {
		const others = [...paths].filter((path) => /^onnx\/.*\.onnx$/.test(path));
		const names = others.map((path) => path.slice('onnx/'.length)).join(', ');
		throw notAModel(view.title, `its onnx folder has no model.onnx, only ${names}`);
	}
	const missing = (graph: OnnxGraph): string | undefined =>
		graph.data.find((path) => !paths.has(path));
	const complete = graphs.filter((graph) => missing(graph) === undefined);
	const [first] = graphs;
	if (complete.length === 0 && first)
		throw notAModel(view.title, `${missing(first) ?? ''}, a part of ${first.path}, is missing`);
	const leftOut = graphs.flatMap((graph) => {
		const path = missing(graph);
		return path === undefined ? [] : [`${graph.dtype} is left out: ${path} is missing.`];
	});
	return { complete, leftOut };
}

interface Details {
	readonly contextTokens: number;
	readonly embedding: EmbeddingSpec | null;
	readonly assumptions: readonly string[];
}

async function embedding(view: RepositoryView, config: Config): Promise<Details> {
	const details = await embeddingDetails(view, config);
	return { ...details, contextTokens: details.embedding.maxTokens ?? assumedTokens };
}

async function chat(view: RepositoryView, config: Config): Promise<Details> {
	const tokenizer = await readConfig(view, 'tokenizer_config.json');
	const hasTemplate =
		view.files.some(({ path }) => path === 'chat_template.jinja') ||
		Boolean(tokenizer?.chat_template);
	if (!hasTemplate)
		throw notAModel(view.title, 'it has no chat template: it was not made to hold conversations');
	const stated = numberIn(
		config,
		...['max_position_embeddings', 'n_positions', 'n_ctx', 'max_seq_len', 'seq_length']
	);
	const assumptions =
		stated === null
			? [`The model does not say how much text it holds; ${assumedTokens} tokens are assumed.`]
			: stated > chatTokens
				? [`It holds ${stated} tokens; ${chatTokens} of them are used, to spare memory.`]
				: [];
	const contextTokens = Math.min(stated ?? assumedTokens, chatTokens);
	return { contextTokens, embedding: null, assumptions };
}
