/** The runtime's memory of tokens that it has read (keys and values), as far as it matters here. */
export interface KeyValues {
	/** Tokens read. */
	get_seq_length(): number;
	dispose(): Promise<void>;
}

/**
 * Keeps what the model has read between two turns of a chat: the next prompt mostly begins with all of it, and
 * then only its new end need be read.
 */
export class PromptMemory<Cache extends KeyValues> {
	readonly #create: () => Cache;
	#kept: { readonly cache: Cache; readonly tokens: readonly bigint[] } | null = null;

	constructor(create: () => Cache) {
		this.#create = create;
	}

	/** A cache to go on from with this prompt: the kept one if the prompt goes on from it, else an empty one. */
	async take(prompt: readonly bigint[]): Promise<Cache> {
		const kept = this.#kept;
		// At least one token must be left to read, or there is nothing to predict from.
		if (kept && kept.tokens.length < prompt.length) {
			if (kept.tokens.every((token, index) => token === prompt[index])) {
				this.#kept = null;
				return kept.cache;
			}
		}
		await this.forget();
		return this.#create();
	}

	/** `tokens` are prompt and answer; the last of them has usually been written but not read. */
	keep(cache: Cache, tokens: readonly bigint[]): void {
		this.#kept = { cache, tokens: tokens.slice(0, cache.get_seq_length()) };
	}

	/** Gives the memory back, on the GPU too. */
	async forget(): Promise<void> {
		const kept = this.#kept;
		this.#kept = null;
		await kept?.cache.dispose();
	}
}
