import type { Citation, MessageRow } from '../chat/chat-records.ts';
import type { Clock } from '../ports/clock.ts';

type Render = (
	text: string,
	citations: readonly Citation[],
	hrefOf: (citation: Citation) => string
) => string;

interface Shown {
	wanted: MessageRow;
	pending: boolean;
	/** Ends the pause between two writes: an answer that is complete waits for nothing. */
	wake: AbortController;
}

/** Ten times a second: smooth to read, and cheap however fast the text comes. */
const intervalMs = 100;

/** Writes answers into elements as safe HTML, each at most ten times a second while it grows. */
export class AnswerRenderer {
	readonly #clock: Clock;
	readonly #load: () => Promise<Render>;
	readonly #shown = new WeakMap<HTMLElement, Shown>();
	#render: Promise<Render> | null = null;

	/** `load` brings the renderer at the first answer: it is no part of the first page. */
	constructor(clock: Clock, load: () => Promise<Render>) {
		this.#clock = clock;
		this.#load = load;
	}

	/** Shows the message now or a moment later; the newest wins. As plain text while the renderer cannot be had. */
	show(element: HTMLElement, message: MessageRow, hrefOf: (citation: Citation) => string): void {
		const shown = this.#shown.get(element) ?? {
			wanted: message,
			pending: false,
			wake: new AbortController()
		};
		shown.wanted = message;
		this.#shown.set(element, shown);
		if (message.state !== 'streaming') shown.wake.abort();
		if (shown.pending) return;
		shown.pending = true;
		shown.wake = new AbortController();
		void this.#write(element, shown, hrefOf);
	}

	async #write(
		element: HTMLElement,
		shown: Shown,
		hrefOf: (citation: Citation) => string
	): Promise<void> {
		const render = await this.#renderer();
		for (;;) {
			const written = shown.wanted;
			if (render) element.innerHTML = render(written.text, written.citations, hrefOf);
			else element.textContent = written.text;
			if (written.state !== 'streaming') break;
			await this.#clock.sleep(intervalMs, shown.wake.signal).catch(() => undefined);
			if (shown.wanted === written) break;
		}
		shown.pending = false;
	}

	/** Null when it could not be loaded, as offline before it was kept; the next message tries again. */
	async #renderer(): Promise<Render | null> {
		this.#render ??= this.#load();
		try {
			return await this.#render;
		} catch {
			this.#render = null;
			return null;
		}
	}
}
