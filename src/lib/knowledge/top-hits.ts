/** A row of a matrix and how near it is: the cosine, from -1 to 1. */
export interface VectorHit {
	readonly row: number;
	readonly score: number;
}

/** The best `limit` of all hits that are offered. Of equals the lower row comes first. */
export class TopHits {
	readonly #limit: number;
	readonly #hits: VectorHit[] = [];

	constructor(limit: number) {
		this.#limit = limit;
	}

	offer(row: number, score: number): void {
		const worst = this.#hits.at(-1);
		const isFull = this.#hits.length >= this.#limit;
		if (this.#limit <= 0 || (isFull && worst && !isBetter(row, score, worst))) return;
		if (isFull) this.#hits.pop();
		let place = this.#hits.length;
		for (; place > 0; place--) {
			const above = this.#hits[place - 1];
			if (above && !isBetter(row, score, above)) break;
		}
		this.#hits.splice(place, 0, { row, score });
	}

	/** Best first. */
	get hits(): readonly VectorHit[] {
		return this.#hits;
	}
}

function isBetter(row: number, score: number, than: VectorHit): boolean {
	return score > than.score || (score === than.score && row < than.row);
}
