import { BaseStreamer } from '@huggingface/transformers';
import type { TokenText } from './token-text.ts';

export interface AnswerStreamerOptions {
	readonly text: TokenText;
	/** Whether what comes is to be dropped, because it means nothing. */
	readonly isSpoilt: () => boolean;
	readonly onToken: (token: bigint) => void;
	/** Hears no empty pieces. */
	readonly onText: (piece: string) => void;
}

/** Hears the prompt and then, token by token, the answer that the runtime writes. */
export class AnswerStreamer extends BaseStreamer {
	readonly #options: AnswerStreamerOptions;
	#isPrompt = true;

	constructor(options: AnswerStreamerOptions) {
		super();
		this.#options = options;
	}

	override put(texts: bigint[][]): void {
		if (this.#isPrompt) {
			this.#isPrompt = false;
			return;
		}
		const { text, isSpoilt, onToken } = this.#options;
		if (isSpoilt()) return;
		for (const token of texts[0] ?? []) {
			onToken(token);
			this.#tell(text.push(Number(token)));
		}
	}

	override end(): void {
		this.#tell(this.#options.text.end());
	}

	#tell(piece: string): void {
		if (piece !== '') this.#options.onText(piece);
	}
}
