/** What has come of a file whose fetch was interrupted. In memory, or where the browser keeps its Blobs. */
export class FileBeginning {
	/** Where the bytes are from, and what that host says of the file (ETag or Last-Modified). */
	source: { readonly address: string; readonly validator: string | null } | null = null;
	/** Whether its bytes are of several answers. */
	joined = false;
	readonly #pieces: Blob[] = [];
	#bytes = 0;

	get bytes(): number {
		return this.#bytes;
	}

	/** The buffer may be used again afterwards. */
	add(piece: Uint8Array<ArrayBuffer>): void {
		this.#pieces.push(new Blob([piece]));
		this.#bytes += piece.byteLength;
	}

	clear(): void {
		this.#pieces.length = 0;
		this.#bytes = 0;
		this.source = null;
		this.joined = false;
	}

	blob(): Blob {
		return new Blob(this.#pieces);
	}
}

/** Beginnings of files, by the address that they are listed with. Nothing of them is stored. */
export class FileBeginnings {
	readonly #kept = new Map<string, FileBeginning>();
	#forgotten = 0;

	/**
	 * What there is of that file, to go on with; it is nobody else's then. `keep` puts it back for the next try, unless
	 * all has been forgotten meanwhile.
	 */
	take(url: string): { readonly beginning: FileBeginning; readonly keep: () => void } {
		const beginning = this.#kept.get(url) ?? new FileBeginning();
		this.#kept.delete(url);
		const since = this.#forgotten;
		const keep = (): void => {
			if (beginning.bytes > 0 && since === this.#forgotten) this.#kept.set(url, beginning);
		};
		return { beginning, keep };
	}

	/** Also what is being fetched: it is not kept when it is interrupted. */
	forget(): void {
		this.#kept.clear();
		this.#forgotten++;
	}
}
