import { AppError } from '../../core/errors.ts';
import type { ModelFiles } from '../engine-contract.ts';

/** The part of `mlc-chat-config.json` that matters here, of which nothing is certain but that it is an object. */
export interface MlcConfig {
	readonly context_window_size?: unknown;
	readonly sliding_window_size?: unknown;
	readonly prefill_chunk_size?: unknown;
	readonly conv_template?: MlcTemplate | null;
	/** Stands over the template, field by field. */
	readonly conv_config?: MlcTemplate | null;
}

export interface MlcTemplate {
	readonly role_templates?: Readonly<Record<string, unknown>> | null;
	readonly system_prefix_token_ids?: readonly number[] | null;
}

/**
 * A JSON file of the model, as an object. Errors: `storage/missing`, those of the file, and `engine/bad-model` for
 * anything else, in the words for people about the model `name`.
 */
export async function readJson<T extends object>(
	files: ModelFiles,
	path: string,
	name: string
): Promise<T> {
	const file = await files.open(path);
	if (!file) throw new AppError('storage/missing', { details: { what: path } });
	const text = await new Response(file.body).text();
	const value = parsed(text);
	if (typeof value === 'object' && value !== null) return value as T;
	throw new AppError('engine/bad-model', { details: { name, reason: `${path} is no JSON` } });
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
