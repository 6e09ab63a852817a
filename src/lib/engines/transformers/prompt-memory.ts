/** The runtime's memory of tokens that it has read (keys and values), as far as it matters here. */
export interface KeyValues {
	/** Tokens read. */
	get_seq_length(): number;
	dispose(): Promise<void>;
}

export interface PromptMemoryOptions<Cache extends KeyValues> {
	/** Nothing read yet. */
	readonly create: () => Cache;
	/** The memory of its first tokens alone, or null where that cannot be had. It gives the whole back. */
	readonly cut: (cache: Cache, tokens: number) => Promise<Cache | null>;
}

/** Cutting reads the whole memory, from the GPU too: not for less than this share of it. */
const worthCutting = 1 / 4;

/**
 * Keeps what the model has read between two turns of a chat: the next prompt mostly begins with all of it, and
 * then only its new end need be read.
 */
export class PromptMemory<Cache extends KeyValues> {
	readonly #options: PromptMemoryOptions<Cache>;
	#kept: { readonly cache: Cache; readonly tokens: readonly bigint[] } | null = null;

	constructor(options: PromptMemoryOptions<Cache>) {
		this.#options = options;
	}

	/** A memory of nothing but the beginning of this prompt: as much of what is kept as the prompt begins with. */
	async take(prompt: readonly bigint[]): Promise<Cache> {
		const kept = this.#kept;
		if (kept) {
			// At least one token must be left to read, or there is nothing to predict from.
			const common = Math.min(commonLength(kept.tokens, prompt), prompt.length - 1);
			const isWhole = common === kept.tokens.length;
			if (isWhole || common > kept.tokens.length * worthCutting) {
				this.#kept = null;
				if (isWhole) return kept.cache;
				const cut = await this.#options.cut(kept.cache, common);
				if (cut) return cut;
			}
		}
		await this.forget();
		return this.#options.create();
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

/** How many tokens both begin with. */
function commonLength(a: readonly bigint[], b: readonly bigint[]): number {
	const differs = a.findIndex((token, index) => token !== b[index]);
	return differs === -1 ? a.length : differs;
}
