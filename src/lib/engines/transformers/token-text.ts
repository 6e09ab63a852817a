/**
 * Makes text of the tokens of an answer as they come. A token that ends within a character waits for the next; what a
 * token says can depend on the one before it, so each is read together with those of the piece before.
 */
export class TokenText {
	readonly #decode: (tokens: readonly number[]) => string;
	readonly #hidden: ReadonlySet<number>;
	/** The last piece and what has come since. */
	#tokens: number[] = [];
	/** How many of them are the last piece. */
	#told = 0;

	/** `decode` writes special tokens out; those in `hidden` never become text. */
	constructor(decode: (tokens: readonly number[]) => string, hidden: ReadonlySet<number>) {
		this.#decode = decode;
		this.#hidden = hidden;
	}

	/** What this token adds to the text; empty while a character is incomplete. */
	push(token: number): string {
		if (this.#hidden.has(token)) return '';
		this.#tokens.push(token);
		const piece = this.#fresh();
		// What is still incomplete reads as the replacement character.
		if (piece === '' || piece.endsWith('\ufffd')) return '';
		this.#tokens = this.#tokens.slice(this.#told);
		this.#told = this.#tokens.length;
		return piece;
	}

	/** What is left at the end, complete or not. */
	end(): string {
		const piece = this.#fresh();
		this.#tokens = [];
		this.#told = 0;
		return piece;
	}

	#fresh(): string {
		const told = this.#told === 0 ? '' : this.#decode(this.#tokens.slice(0, this.#told));
		const all = this.#tokens.length === 0 ? '' : this.#decode(this.#tokens);
		return all.slice(told.length);
	}
}
