import type { CatalogEntry } from '../catalog/catalog-entry.ts';
import { addedEntry } from './added-entry.ts';
import { isConfig, numberIn, readConfig, textIn, type Config } from './config-reader.ts';
import { embeddingDetails } from './embedding-details.ts';
import { variantsOf, type FoundVariants } from './found-variants.ts';
import { listedFiles } from './listed-files.ts';
import type { FindModelLibrary, KnownLibrary } from './model-libraries.ts';
import { notAModel } from './not-a-model.ts';
import type { RepositoryView } from './repository-view.ts';

/** The list of weights; the second name is the older one. */
const lists = ['tensor-cache.json', 'ndarray-cache.json'];
const tokenizers = ['tokenizer.json', 'tokenizer.model'];
/** The runtime reserves memory for all of it at once. */
const mostTokens = 4096;

/**
 * A model in MLC format for WebLLM: one variant, with the compiled library of a model of the same shape, which no such
 * repository holds. Errors: `add/not-a-model`.
 */
export async function mlcVariants(
	view: RepositoryView,
	findLibrary: FindModelLibrary
): Promise<FoundVariants> {
	const config = (await readConfig(view, 'mlc-chat-config.json')) ?? {};
	const tokenizer = firstOf(view, tokenizers);
	if (!tokenizer) throw notAModel(view.title, 'tokenizer.json is missing');
	const shards = await shardsOf(view);
	const quantisation = textIn(config, 'quantization');
	if (quantisation === null)
		throw notAModel(view.title, 'mlc-chat-config.json names no quantization');
	const known = findLibrary({ title: view.title, quantisation });
	const type = textIn(config, 'model_type') ?? 'its architecture';
	if (!known)
		throw notAModel(
			view.title,
			`it comes without compiled code, and SAM knows none for ${type} in ${quantisation}`
		);
	const files = await listedFiles(view, ['mlc-chat-config.json', tokenizer, ...shards]);
	const { details, assumptions } = await detailsOf(view, config);
	const entry = addedEntry(view, {
		...details,
		dtype: quantisation,
		family: type,
		engine: known.engine,
		files: [...files, known.file],
		modelLibrary: known.library
	});
	return {
		variants: variantsOf([entry], [quantisation]),
		assumptions: [...assumptions, assumedShape(known)]
	};
}

function assumedShape({ name }: KnownLibrary): string {
	return `It is run by the compiled code of ${name}; that works only if it has the same shape.`;
}

function firstOf(view: RepositoryView, paths: readonly string[]): string | undefined {
	return paths.find((path) => view.files.some((file) => file.path === path));
}

/** The list of weights and every file that it names. */
async function shardsOf(view: RepositoryView): Promise<readonly string[]> {
	const list = firstOf(view, lists);
	if (!list) throw notAModel(view.title, 'tensor-cache.json is missing');
	const records = (await readConfig(view, list))?.records;
	const shards = (Array.isArray(records) ? records : [])
		.filter(isConfig)
		.map((record) => textIn(record, 'dataPath'))
		.filter((path) => path !== null);
	if (shards.length === 0) throw notAModel(view.title, `${list} names no weights`);
	const missing = shards.find((path) => !firstOf(view, [path]));
	if (missing !== undefined) throw notAModel(view.title, `${missing} is missing`);
	return [list, ...new Set(shards)];
}

type Details = Pick<CatalogEntry, 'tasks' | 'contextTokens' | 'embedding'>;

async function detailsOf(
	view: RepositoryView,
	config: Config
): Promise<{ readonly details: Details; readonly assumptions: readonly string[] }> {
	const shape = isConfig(config.model_config) ? config.model_config : {};
	const window = numberIn(config, 'context_window_size', 'sliding_window_size') ?? mostTokens;
	const contextTokens = Math.min(window, mostTokens);
	if (textIn(config, 'model_type')?.includes('bert')) {
		const { embedding, assumptions } = await embeddingDetails(view, shape);
		const details: Details = {
			tasks: ['embed'],
			contextTokens,
			embedding: { ...embedding, maxTokens: contextTokens }
		};
		return { details, assumptions };
	}
	const assumptions =
		window > mostTokens
			? [`It holds ${window} tokens; ${mostTokens} of them are used, to spare memory.`]
			: [];
	return { details: { tasks: ['generate'], contextTokens, embedding: null }, assumptions };
}
