export interface SseEvent {
	/** `message` where the server names none. */
	readonly type: string;
	readonly data: string;
}

/**
 * Server-sent events out of a text that is cut anywhere. Lines may end in CR, LF or both; comments, ids and waiting times
 * are passed over. As llama.cpp sends errors in a field named `error`, that is read as the data of an event `error`.
 */
export class SseParser {
	/** Of a line that is not whole yet. */
	#rest = '';
	#type = '';
	#data: string[] = [];

	/** The events that this piece completes. */
	push(text: string): SseEvent[] {
		const input = this.#rest + text;
		// A CR at the very end may be the first half of a line end.
		const usable = input.endsWith('\r') ? input.length - 1 : input.length;
		const lines = input.slice(0, usable).split(/\r\n|\r|\n/);
		this.#rest = (lines.pop() ?? '') + input.slice(usable);
		return lines.flatMap((line) => this.#read(line));
	}

	/** What is left when the text is over: some servers leave out the last empty line. */
	end(): SseEvent[] {
		const line = this.#rest.replace(/\r$/, '');
		this.#rest = '';
		return [...this.#read(line), ...this.#dispatch()];
	}

	#read(line: string): SseEvent[] {
		if (line === '') return this.#dispatch();
		const [, field = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
		if (field === 'data') this.#data.push(value);
		else if (field === 'event') this.#type = value;
		else if (field === 'error') {
			this.#type = 'error';
			this.#data.push(value);
		}
		return [];
	}

	#dispatch(): SseEvent[] {
		const event = { type: this.#type || 'message', data: this.#data.join('\n') };
		const isOne = this.#data.length > 0;
		this.#type = '';
		this.#data = [];
		return isOne ? [event] : [];
	}
}
