const pieces = /<\/?think>|\[\w+\]| ?\w+|[^\w]/g;

/** Words as tokens, numbered as they are first met; what is read can be written again to the letter. */
export class FakeVocabulary {
	/** The token that ends an answer: no text. */
	static readonly end = 0;
	readonly #texts = ['', '[CLS]', '[SEP]'];
	readonly #ids = new Map(this.#texts.map((text, id) => [text, id]));

	encode(text: string): number[] {
		return (text.match(pieces) ?? []).map((piece) => {
			const known = this.#ids.get(piece);
			if (known !== undefined) return known;
			this.#ids.set(piece, this.#texts.length);
			return this.#texts.push(piece) - 1;
		});
	}

	decode(tokens: readonly number[]): string {
		return tokens.map((token) => this.#texts[token] ?? '').join('');
	}
}
