/** What one side pushes as it comes, for one reader. Nothing is lost when the reader is slow. */
export class PushStream<T> implements AsyncIterable<T> {
	readonly #items: T[] = [];
	#end: { readonly error: unknown } | 'done' | null = null;
	#wake: (() => void) | null = null;

	push(item: T): void {
		this.#items.push(item);
		this.#wake?.();
	}

	/** The reader gets what was pushed before, then the end. */
	close(): void {
		this.#end ??= 'done';
		this.#wake?.();
	}

	/** The reader gets what was pushed before, then the error. */
	fail(error: unknown): void {
		this.#end ??= { error };
		this.#wake?.();
	}

	async *[Symbol.asyncIterator](): AsyncGenerator<T> {
		for (;;) {
			const item = this.#items.shift();
			if (item !== undefined) yield item;
			else if (this.#end === 'done') return;
			else if (this.#end) throw this.#end.error;
			else await new Promise<void>((resolve) => (this.#wake = resolve));
		}
	}
}
