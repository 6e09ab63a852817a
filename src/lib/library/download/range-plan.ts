/** Whoever reads a range: only its identity counts. */
type Reader = object;

/**
 * Who gets which parts of a file. Each reader has one run of parts that follow one another; the first of them is the
 * one it is reading, and is never taken from it. Part numbers throughout.
 */
export class RangePlan {
	readonly #missing: Set<number>;
	readonly #owners = new Map<number, Reader>();

	constructor(missing: Iterable<number>) {
		this.#missing = new Set(missing);
	}

	/** Parts that have not arrived. */
	get left(): number {
		return this.#missing.size;
	}

	/**
	 * Tells the first part of the reader's run, which it is given if it has none; undefined when nothing is left to
	 * share. Parts that somebody has `begun` and left go first, then those that nobody reads, then half of the longest run of another.
	 */
	claim(reader: Reader, begun: Iterable<number>): number | undefined {
		const own = this.next(reader);
		if (own !== undefined) return own;
		const readNow = new Set([...new Set(this.#owners.values())].map((each) => this.next(each)));
		const left = [...begun].filter((part) => this.#missing.has(part) && !readNow.has(part));
		const first = lowest(left) ?? this.#firstFree() ?? this.#middleOfLongest();
		if (first === undefined) return undefined;
		this.#takeRun(reader, first);
		return first;
	}

	/** Gives a reader whose stream goes on behind its run what nobody reads there. Tells whether there is any. */
	extend(reader: Reader, part: number): boolean {
		if (!this.#missing.has(part) || this.#owners.has(part)) return false;
		this.#takeRun(reader, part);
		return true;
	}

	/** Gives the reader every part that is missing, whoever had it. */
	claimAll(reader: Reader): void {
		for (const part of this.#missing) this.#owners.set(part, reader);
	}

	owns(reader: Reader, part: number): boolean {
		return this.#owners.get(part) === reader;
	}

	/** The first part that the reader still has to read. */
	next(reader: Reader): number | undefined {
		return lowest(this.#partsOf(reader));
	}

	/** The part behind the reader's last one. */
	end(reader: Reader): number {
		return Math.max(...this.#partsOf(reader)) + 1;
	}

	/** The part has arrived. */
	done(part: number): void {
		this.#missing.delete(part);
		this.#owners.delete(part);
	}

	/** The reader reads no more: what it has not read is free. */
	release(reader: Reader): void {
		for (const part of this.#partsOf(reader)) this.#owners.delete(part);
	}

	#takeRun(reader: Reader, first: number): void {
		const owner = this.#owners.get(first);
		for (let part = first; this.#missing.has(part) && this.#owners.get(part) === owner; part++)
			this.#owners.set(part, reader);
	}

	#partsOf(reader: Reader): number[] {
		return [...this.#owners].filter(([, owner]) => owner === reader).map(([part]) => part);
	}

	#firstFree(): number | undefined {
		return lowest([...this.#missing].filter((part) => !this.#owners.has(part)));
	}

	#middleOfLongest(): number | undefined {
		const runs = [...new Set(this.#owners.values())].map((reader) =>
			this.#partsOf(reader).sort((a, b) => a - b)
		);
		const longest = runs.sort((a, b) => b.length - a.length)[0] ?? [];
		return longest.length < 2 ? undefined : longest[Math.ceil(longest.length / 2)];
	}
}

function lowest(parts: readonly number[]): number | undefined {
	return parts.length === 0 ? undefined : Math.min(...parts);
}
