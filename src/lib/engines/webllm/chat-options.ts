import type { ChatOptions } from '@mlc-ai/web-llm';
import type { ModelSpec } from '../../core/model-spec.ts';
import type { MlcConfig, MlcTemplate } from './mlc-config.ts';

/** How a model's own settings are used, and where they are overruled. */
export interface ChosenOptions {
	readonly options: ChatOptions;
	/** Prompt and answer, or the longest text. */
	readonly contextTokens: number;
	/** Roles whose texts the runtime writes into a template. */
	readonly templated: ReadonlySet<string>;
	/** Tokens before the first prompt, which the runtime does not count. */
	readonly prefixTokens: number;
}

/**
 * Options for a model that chats. It reserves memory for the whole context, so that is as long as the spec says,
 * but never longer than the model was made for.
 */
export function optionsForChat(config: MlcConfig, spec: ModelSpec): ChosenOptions {
	const made = positive(config.context_window_size);
	const contextTokens = Math.min(spec.contextTokens, made ?? Infinity);
	const slides = positive(config.sliding_window_size) !== null;
	const template: MlcTemplate = { ...config.conv_template, ...config.conv_config };
	const roles = Object.entries(template.role_templates ?? {}).filter(
		([role, text]) => text !== `{${role}_message}`
	);
	return {
		options: {
			// A window that slides takes the place of one that ends.
			...(!slides && { context_window_size: contextTokens }),
			conv_config: {
				...config.conv_config,
				role_templates: Object.fromEntries(roles)
			} as NonNullable<ChatOptions['conv_config']>
		},
		contextTokens,
		templated: new Set(roles.map(([role]) => role)),
		prefixTokens: template.system_prefix_token_ids?.length ?? 0
	};
}

/** Options for a model that makes vectors: the runtime reads a text at once or not at all. */
export function optionsForEmbedding(config: MlcConfig, spec: ModelSpec): ChosenOptions {
	const chunk = positive(config.prefill_chunk_size) ?? positive(config.context_window_size);
	const contextTokens = chunk ?? spec.contextTokens;
	return {
		options: { context_window_size: contextTokens, sliding_window_size: -1 },
		...{ contextTokens, templated: new Set(), prefixTokens: 0 }
	};
}

function positive(value: unknown): number | null {
	return typeof value === 'number' && value > 0 ? value : null;
}
