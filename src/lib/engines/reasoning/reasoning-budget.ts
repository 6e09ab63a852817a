export interface ReasoningBudgetOptions {
	/** Tokens that the model may think, from 0. */
	readonly limit: number;
	/** Tokens of the opening mark. Without any, and not `opened`, there is no reasoning to limit. */
	readonly open: readonly number[];
	/** Tokens of the closing mark. */
	readonly close: readonly number[];
	/** The prompt has opened the reasoning already. */
	readonly opened: boolean;
}

/**
 * Ends reasoning that takes too long: it watches the tokens that are written, and says which one must come next once
 * the limit is reached, until the closing mark stands there whole. A model that closes of itself is left alone, and so
 * is all that follows the first closing mark.
 */
export class ReasoningBudget {
	readonly #options: ReasoningBudgetOptions;
	#phase: 'before' | 'reasoning' | 'after';
	#spent = 0;
	/** The last tokens, as many as could be a part of a mark. */
	#recent: number[] = [];

	constructor(options: ReasoningBudgetOptions) {
		this.#options = options;
		this.#phase = options.opened ? 'reasoning' : 'before';
	}

	/** The token that was written, chosen by the model or forced. */
	observe(token: number): void {
		if (this.#phase === 'after') return;
		const { open, close } = this.#options;
		const mark = this.#phase === 'before' ? open : close;
		this.#recent = [...this.#recent, token].slice(-Math.max(mark.length, 1));
		if (this.#phase === 'reasoning') this.#spent++;
		if (mark.length === 0 || written(mark, this.#recent) < mark.length) return;
		this.#phase = this.#phase === 'before' ? 'reasoning' : 'after';
		this.#recent = [];
	}

	/** The token that must come next; null where the model may choose. */
	get forced(): number | null {
		const { limit, close } = this.#options;
		if (this.#phase !== 'reasoning' || this.#spent < limit) return null;
		return close[written(close, this.#recent)] ?? null;
	}
}

/** How many tokens of the mark the text ends with. */
function written(mark: readonly number[], recent: readonly number[]): number {
	for (let count = Math.min(mark.length, recent.length); count > 0; count--) {
		const end = recent.slice(-count);
		if (end.every((token, index) => token === mark[index])) return count;
	}
	return 0;
}
