/**
 * Whether a text that comes character by character stands inside Markdown code, between backticks. As in Markdown, a
 * block ends at a line of as many backticks, a span at as many backticks, and a span that is never closed with its
 * paragraph.
 */
export class MarkdownCode {
	/** Backticks just seen. */
	#run = 0;
	/** How many opened the code; 0 outside. */
	#opening = 0;
	/** They stood at the beginning of a line, and are a block once their line is over. */
	#mayBeBlock = false;
	#isBlock = false;
	/** Nothing but blanks on this line so far. */
	#lineIsBlank = true;

	/** The next character of the text. */
	see(character: string): void {
		if (character === '`') {
			this.#run++;
			return;
		}
		this.#endRun();
		if (character === '\n') this.#endLine();
		else if (character.trim() !== '') this.#lineIsBlank = false;
	}

	/** To be asked where the text goes on with something else than a backtick. */
	get inside(): boolean {
		this.#endRun();
		return this.#opening > 0;
	}

	#endRun(): void {
		if (this.#run === 0) return;
		if (this.#opening === 0) {
			this.#opening = this.#run;
			this.#mayBeBlock = this.#run >= 3 && this.#lineIsBlank;
		} else if (this.#closes()) {
			this.#leave();
		}
		this.#run = 0;
		this.#lineIsBlank = false;
	}

	#closes(): boolean {
		if (this.#isBlock) return this.#lineIsBlank && this.#run >= this.#opening;
		return this.#run === this.#opening;
	}

	#endLine(): void {
		this.#isBlock ||= this.#mayBeBlock;
		if (!this.#isBlock && this.#lineIsBlank) this.#leave();
		this.#lineIsBlank = true;
	}

	#leave(): void {
		this.#opening = 0;
		this.#mayBeBlock = false;
		this.#isBlock = false;
	}
}
