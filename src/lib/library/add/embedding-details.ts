import type { EmbeddingSpec } from '../../core/model-spec.ts';
import { isConfig, numberIn, readConfig, readJson, textIn, type Config } from './config-reader.ts';
import { knownEmbedder, type KnownEmbedder } from './known-embedders.ts';
import { notAModel } from './not-a-model.ts';
import type { RepositoryView } from './repository-view.ts';

/** How a model makes vectors, with what had to be assumed in whole sentences. */
export interface EmbeddingDetails {
	readonly embedding: EmbeddingSpec;
	readonly assumptions: readonly string[];
}

const assumedTokens = 512;

/** Errors: `add/not-a-model` when the length of its vectors is unknown, or it pools in a way that SAM does not know. */
export async function embeddingDetails(
	view: RepositoryView,
	config: Config
): Promise<EmbeddingDetails> {
	const assumptions: string[] = [];
	const assume = (sentence: string): void => void assumptions.push(sentence);
	const known = knownEmbedder(view.title);
	const modules = await modulesOf(view);
	const dense = await denseWidth(view, modules);
	const dims = dense ?? numberIn(config, 'hidden_size', 'dim', 'd_model', 'n_embd', 'hidden_dim');
	if (dims === null)
		throw notAModel(view.title, 'config.json does not say how long its vectors are (hidden_size)');
	if (dense !== null)
		assume('It works on after pooling; its graph is assumed to give the finished vector.');
	const pooling = dense === null ? await poolingOf(view, modules, known, assume) : 'none';
	const prefixes = await prefixesOf(view, known, assume);
	const maxTokens = await maxTokensOf(view, config, assume);
	return { embedding: { dims, pooling, prefixes, normalise: true, maxTokens }, assumptions };
}

type Assume = (sentence: string) => void;

interface Module {
	readonly type: string;
	readonly path: string;
}

async function modulesOf(view: RepositoryView): Promise<readonly Module[]> {
	const list = await readJson(view, 'modules.json');
	if (!Array.isArray(list)) return [];
	return list.filter(isConfig).map((module) => ({
		type: textIn(module, 'type') ?? '',
		path: textIn(module, 'path') ?? ''
	}));
}

/** Width of the last layer after pooling, null where there is none. */
async function denseWidth(
	view: RepositoryView,
	modules: readonly Module[]
): Promise<number | null> {
	const dense = modules.findLast(({ type }) => type.endsWith('Dense'));
	if (!dense) return null;
	return numberIn(await readConfig(view, `${dense.path}/config.json`), 'out_features');
}

const poolingModes: Readonly<Record<string, EmbeddingSpec['pooling']>> = {
	cls: 'cls',
	cls_token: 'cls',
	mean: 'mean',
	mean_tokens: 'mean',
	lasttoken: 'last'
};

const pooledBy: Readonly<Record<EmbeddingSpec['pooling'], string>> = {
	cls: 'the first token',
	mean: 'the mean',
	last: 'the last token',
	none: 'what its graph has pooled'
};

async function poolingOf(
	view: RepositoryView,
	modules: readonly Module[],
	known: KnownEmbedder | undefined,
	assume: Assume
): Promise<EmbeddingSpec['pooling']> {
	const folder = modules.find(({ type }) => type.endsWith('Pooling'))?.path ?? '1_Pooling';
	const config = await readConfig(view, `${folder}/config.json`);
	if (config) {
		const chosen = Object.keys(config).filter(
			(key) => key.startsWith('pooling_mode_') && config[key] === true
		);
		const mode = textIn(config, 'pooling_mode') ?? chosen[0]?.slice('pooling_mode_'.length);
		const pooling = mode === undefined ? undefined : poolingModes[mode];
		if (pooling && chosen.length < 2) return pooling;
		const what = chosen.length > 1 ? chosen.join(' and ') : (mode ?? 'none named');
		throw notAModel(view.title, `it pools in a way that SAM does not know (${what})`);
	}
	if (known) {
		const how = pooledBy[known.pooling];
		assume(`The model does not say how it pools; ${how} is taken, as by all of ${known.family}.`);
		return known.pooling;
	}
	assume('The model does not say how it pools; mean is assumed, as for most.');
	return 'mean';
}

const queryNames = ['query', 'search_query', 'retrieval.query', 'web_search_query'];
const passageNames = ['passage', 'document', 'search_document', 'retrieval.passage', 'corpus'];

async function prefixesOf(
	view: RepositoryView,
	known: KnownEmbedder | undefined,
	assume: Assume
): Promise<EmbeddingSpec['prefixes']> {
	const config = await readConfig(view, 'config_sentence_transformers.json');
	const prompts = isConfig(config?.prompts) ? config.prompts : undefined;
	const query = textIn(prompts, ...queryNames);
	const passage = textIn(prompts, ...passageNames);
	if (query || passage) return { query: query ?? '', passage: passage ?? '' };
	if (known) {
		if (known.prefixes.query)
			assume(`Its prefixes for questions and passages are those of ${known.family}.`);
		return known.prefixes;
	}
	assume('The model names no words to put before questions or passages; none are assumed.');
	return { query: '', passage: '' };
}

/** Some count two positions that no token gets. */
const shiftedTypes = /roberta|camembert|mpnet/;

async function maxTokensOf(view: RepositoryView, config: Config, assume: Assume): Promise<number> {
	const settings = await readConfig(view, 'sentence_bert_config.json');
	const tokenizer = await readConfig(view, 'tokenizer_config.json');
	const positions = numberIn(config, 'max_position_embeddings', 'n_positions', 'max_seq_len');
	const shift = shiftedTypes.test(textIn(config, 'model_type') ?? '') ? 2 : 0;
	const limits = [
		numberIn(settings, 'max_seq_length') ?? numberIn(tokenizer, 'model_max_length'),
		positions && positions - shift
	].filter((limit) => limit !== null);
	if (limits.length > 0) return Math.min(...limits);
	assume(`The model does not say how long a text may be; ${assumedTokens} tokens are assumed.`);
	return assumedTokens;
}
