/** How often a part of an expression may stand there. */
export interface Count {
	readonly least: number;
	readonly most: number;
}

/** The text of a regular expression, read from its start. */
export class PatternSource {
	readonly #text: string;
	#at = 0;

	constructor(text: string) {
		this.#text = text;
	}

	get atEnd(): boolean {
		return this.#at >= this.#text.length;
	}

	sees(character: string): boolean {
		return this.#text[this.#at] === character;
	}

	/** Goes on where that character is next, else stays. */
	take(character: string): boolean {
		if (!this.sees(character)) return false;
		this.#at++;
		return true;
	}

	takeAny(): string {
		const character = this.#text[this.#at++];
		if (character === undefined) throw new SyntaxError('ends too early');
		return character;
	}

	expect(character: string): void {
		if (!this.take(character)) throw new SyntaxError(`lacks ${character}`);
	}

	/** `*`, `+`, `?` or `{2,3}`, where one is next. */
	takeCount(): Count | undefined {
		if (this.take('*')) return { least: 0, most: Number.POSITIVE_INFINITY };
		if (this.take('+')) return { least: 1, most: Number.POSITIVE_INFINITY };
		if (this.take('?')) return { least: 0, most: 1 };
		const found = this.#takeMatch(/\{(\d{1,4})(,(\d{0,4}))?\}/y);
		if (!found) return undefined;
		const least = Number(found[1]);
		if (found[2] === undefined) return { least, most: least };
		const most = found[3] ? Number(found[3]) : Number.POSITIVE_INFINITY;
		if (most < least) throw new SyntaxError('counts backwards');
		return { least, most };
	}

	/** What names a group, behind `(?`. */
	takeGroupName(): void {
		if (!this.#takeMatch(/P<[A-Za-z_]\w*>/y)) throw new SyntaxError('a group that is not followed');
	}

	#takeMatch(pattern: RegExp): RegExpExecArray | undefined {
		pattern.lastIndex = this.#at;
		const found = pattern.exec(this.#text);
		if (!found) return undefined;
		this.#at = pattern.lastIndex;
		return found;
	}
}
