import { AppError } from '../../core/errors.ts';
import { readHeadWidths, type HeadWidths } from '../onnx/packed-layers.ts';

/** How MLC's converter lays out the linear layers of a family of models. */
export interface MlcArchitecture {
	/** The module, as PEFT names it, whose weights have this name. */
	readonly moduleOf: (tensor: string) => string;
	/** The parts of packed attention, queries first; null where the configuration does not tell them. */
	readonly heads: HeadWidths | null;
}

interface Family {
	/** What the converter calls by another name than the model's authors. */
	readonly otherNames: readonly (readonly [RegExp, string])[];
	/** How many numbers of the packed layer belong to one of a query: a gate may go with each. */
	readonly queryParts: number;
}

const plain: Family = { otherNames: [], queryParts: 1 };
const qwen: Family = {
	otherNames: [[/\.self_attn\.c_attn$/, '.self_attn.qkv_proj']],
	queryParts: 1
};

/**
 * By the name of the architecture. All of them keep weights as [out, in] row by row, queries, keys and values one below
 * the other, and gate above up. Others do not: GPT-NeoX's rows are put in another order under the names they had.
 */
const families: ReadonlyMap<string, Family> = new Map([
	['llama', plain],
	['mistral', plain],
	['ministral3', plain],
	['gemma', plain],
	['gemma2', plain],
	['gemma3', plain],
	['gemma3_text', plain],
	['olmo', plain],
	['olmo2', plain],
	['stablelm', plain],
	['qwen2', qwen],
	['qwen3', qwen],
	['qwen3_5', { ...qwen, queryParts: 2 }],
	['qwen3_5_text', { ...qwen, queryParts: 2 }],
	[
		'phi',
		{
			otherNames: [
				[/^transformer\.h\.(\d+)\.mixer\.Wqkv$/, 'model.layers.$1.self_attn.qkv_proj'],
				[/^transformer\.h\.(\d+)\.mixer\.out_proj$/, 'model.layers.$1.self_attn.dense'],
				[/^transformer\.h\.(\d+)\.mlp\.(fc[12])$/, 'model.layers.$1.mlp.$2'],
				[/^lm_head\.linear$/, 'lm_head']
			],
			queryParts: 1
		}
	],
	[
		'phi3',
		{
			otherNames: [
				[/^transformer\.h\.(\d+)\.mixer\.qkv_proj$/, 'model.layers.$1.self_attn.qkv_proj'],
				[/^transformer\.h\.(\d+)\.mixer\.out_proj$/, 'model.layers.$1.self_attn.o_proj'],
				[/^transformer\.h\.(\d+)\.mlp\.(gate_up_proj|down_proj)$/, 'model.layers.$1.mlp.$2']
			],
			queryParts: 1
		}
	]
]);

/**
 * From the content of an `mlc-chat-config.json`, null where there is none. `model` is its name, for messages. Errors:
 * `adapter/engine` where it does not tell the architecture, or one whose layout is not known here.
 */
export function mlcArchitecture(config: unknown, model: string): MlcArchitecture {
	const settings = isSettings(config) ? config : {};
	const type = settings.model_type;
	if (typeof type !== 'string' || !/^[\w.-]{1,80}$/.test(type))
		throw refusal(model, 'its mlc-chat-config.json does not name its architecture');
	const family = families.get(type);
	if (!family)
		throw refusal(
			model,
			`SAM does not know how MLC lays out the layers of its architecture ${type}`
		);
	const heads = readHeadWidths(settings.model_config ?? settings);
	return {
		moduleOf: (tensor) => {
			const module = tensor.replace(/\.weight$/, '');
			return family.otherNames.reduce((name, [other, usual]) => name.replace(other, usual), module);
		},
		heads: heads && { ...heads, queries: heads.queries * family.queryParts }
	};
}

function refusal(engine: string, reason: string): AppError {
	const instead = 'Use the ONNX variant of the same model, which takes adapters as they are.';
	return new AppError('adapter/engine', { details: { engine, reason, instead } });
}

function isSettings(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null;
}
