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

	/** Shows the message now or a moment later; the newest text wins. */
	show(element: HTMLElement, message: MessageRow, hrefOf: (citation: Citation) => string): void {
		const shown = this.#shown.get(element) ?? { wanted: message, pending: false };
		shown.wanted = message;
		this.#shown.set(element, shown);
		if (shown.pending) return;
		shown.pending = true;
		void this.#write(element, shown, hrefOf);
	}

	async #write(
		element: HTMLElement,
		shown: Shown,
		hrefOf: (citation: Citation) => string
	): Promise<void> {
		this.#render ??= this.#load();
		const render = await this.#render;
		for (;;) {
			const { text, citations, state } = shown.wanted;
			element.innerHTML = render(text, citations, hrefOf);
			if (state !== 'streaming') break;
			await this.#clock.sleep(intervalMs);
			if (shown.wanted.text === text && shown.wanted.state === state) break;
		}
		shown.pending = false;
	}
}
