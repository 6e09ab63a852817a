import type { EndReason, GenerateEvent } from '../core/generation.ts';

/** How a generation ended, as the engine knows it. Counts that it does not know are left out. */
export interface GenerateOutcome {
	readonly reason: EndReason;
	readonly promptTokens?: number;
	readonly completionTokens?: number;
	/** As in `Usage`. */
	readonly cachedTokens?: number;
}

/** Measures one generation from its construction and makes its `end` event. */
export class GenerationMeter {
	readonly #start = performance.now();
	#first: number | null = null;
	#pieces = 0;

	/** To be called for each piece of text or reasoning. */
	count(): void {
		this.#first ??= performance.now();
		this.#pieces++;
	}

	/** Where the engine does not count tokens, each piece counts as one. */
	end(outcome: GenerateOutcome): Extract<GenerateEvent, { type: 'end' }> {
		const { reason, promptTokens = 0, completionTokens = this.#pieces, cachedTokens } = outcome;
		const end = performance.now();
		return {
			type: 'end',
			reason,
			usage: {
				promptTokens,
				completionTokens,
				...(cachedTokens === undefined ? null : { cachedTokens }),
				...(outcome.cachedTokens === undefined ? {} : { cachedTokens: outcome.cachedTokens }),
				firstTokenMs: (this.#first ?? end) - this.#start,
				totalMs: end - this.#start
			}
		};
	}
}
