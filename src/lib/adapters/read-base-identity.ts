import { hasCode } from '../core/errors.ts';
import type { Sha256 } from '../core/ids.ts';
import type { BaseIdentity } from './base-identity.ts';
import type { ModelFiles } from './model-files.ts';
import { readJson } from './peft/read-json.ts';

type Settings = Readonly<Record<string, unknown>>;

const maxBytes = 4 * 2 ** 20;
/** The files that tell what a model is, the better ones first. */
const paths = ['config.json', 'mlc-chat-config.json'];
/** Where the settings of the language model are, in the file of a model that hears or sees as well, and in MLC's. */
const nestings = ['text_config', 'llm_config', 'language_config', 'model_config'];

/** The names that families of models have for the same size. */
const sizeNames = {
	hiddenSize: ['hidden_size', 'n_embd', 'd_model'],
	layers: ['num_hidden_layers', 'n_layer', 'num_layers'],
	heads: ['num_attention_heads', 'n_head', 'num_heads'],
	keyValueHeads: ['num_key_value_heads'],
	intermediateSize: ['intermediate_size', 'n_inner', 'ffn_dim'],
	vocabulary: ['vocab_size']
} as const;

/**
 * Which base a model is, by its configuration in the form of Hugging Face or of MLC. What is missing or makes no sense is
 * null; null as a whole where nothing is told. Errors: those of the files.
 */
export async function readBaseIdentity(
	files: ModelFiles,
	tokenizer: Sha256 | null
): Promise<BaseIdentity | null> {
	for (const path of paths) {
		if (!files.paths.includes(path)) continue;
		const identity = identityIn(await settingsIn(files, path), tokenizer);
		if (identity) return identity;
	}
	return null;
}

/** No settings where the file cannot be made sense of. */
async function settingsIn(files: ModelFiles, path: string): Promise<Settings> {
	try {
		return await readJson(files, path, maxBytes);
	} catch (error) {
		if (hasCode(error, 'adapter/unreadable') || hasCode(error, 'adapter/not-peft')) return {};
		throw error;
	}
}

function identityIn(settings: Settings, tokenizer: Sha256 | null): BaseIdentity | null {
	const nested = nestings.map((name) => settings[name]).filter(isSettings);
	/** The innermost counts: a model's outer settings may be those of its eyes. */
	const places = [...nested.flatMap(innerOf), ...nested, settings];
	const size = (names: readonly string[]): number | null =>
		first(places.flatMap((place) => names.map((name) => place[name])).filter(isSize));
	const architecture = first(places.map((place) => place.model_type).filter(isName));
	const sizes = {
		hiddenSize: size(sizeNames.hiddenSize),
		layers: size(sizeNames.layers),
		heads: size(sizeNames.heads),
		keyValueHeads: size(sizeNames.keyValueHeads),
		intermediateSize: size(sizeNames.intermediateSize),
		vocabulary: size(sizeNames.vocabulary)
	};
	if (architecture === null && Object.values(sizes).every((each) => each === null)) return null;
	// Where it is not told, every head has keys and values of its own.
	const keyValueHeads = sizes.keyValueHeads ?? sizes.heads;
	return { architecture, ...sizes, keyValueHeads, tokenizer };
}

/** MLC's settings of a model that sees as well hold those of the language model in turn. */
function innerOf(settings: Settings): Settings[] {
	return nestings.map((name) => settings[name]).filter(isSettings);
}

function first<T>(values: readonly T[]): T | null {
	return values[0] ?? null;
}

function isSettings(value: unknown): value is Settings {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSize(value: unknown): value is number {
	return Number.isSafeInteger(value) && (value as number) > 0;
}

function isName(value: unknown): value is string {
	return typeof value === 'string' && /^[\w.-]{1,80}$/.test(value);
}
