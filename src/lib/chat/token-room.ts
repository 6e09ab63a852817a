import type { AppError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';

/** What an engine holds, as far as is known before it has counted. */
export interface TokenRoom {
	/** Prompt plus answer, in tokens of the engine. */
	readonly contextTokens: number;
	/** How many of the engine's tokens one estimated token may turn out to be. */
	readonly tokenScale: number;
}

/** Grows by this much where the engine does not say how far off the estimate was. */
const blindly = 1.25;
/** Coarse, so that the turns of a chat in one language all arrive at the same scale, and their prompts stay alike. */
const steps = 8;

/**
 * The room after an engine has refused a prompt of that estimate (unscaled) with `engine/context-overflow`: the scale
 * that it measured, always larger than before.
 */
export function roomAfterOverflow(
	{ contextTokens, tokenScale }: TokenRoom,
	{ details }: AppError,
	estimatedTokens: number
): TokenRoom {
	const measured = (numberIn(details.promptTokens) ?? 0) / estimatedTokens;
	const scale = measured > tokenScale ? measured : tokenScale * blindly;
	return {
		contextTokens: Math.min(contextTokens, numberIn(details.contextTokens) ?? contextTokens),
		tokenScale: Math.ceil(scale * steps) / steps
	};
}

function numberIn(value: Json | undefined): number | null {
	return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : null;
}
