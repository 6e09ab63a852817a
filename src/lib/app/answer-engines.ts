import type { EngineChoice, SetupRecord } from '../core/setup.ts';
import type { Answering, AnswerEngine } from '../chat/chat-ports.ts';
import { AnswerChain, type AnswerChainParts } from './answer-chain.ts';

type Parts = Omit<AnswerChainParts, 'onOpened'>;

/** The chat engines: the wanted one where it works, else the next best. */
export class AnswerEngines implements AnswerEngine {
	readonly #parts: Parts;
	readonly #listeners = new Set<(choice: EngineChoice, meant: EngineChoice) => void>();

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** `pinned`: a setup whose engine answers in place of that in use. */
	open(
		wanted: EngineChoice | null,
		signal: AbortSignal,
		pinned: SetupRecord | null = null
	): Promise<Answering> {
		const onOpened: AnswerChainParts['onOpened'] = (choice, meant) => {
			for (const listener of this.#listeners) listener(choice, meant);
		};
		return new AnswerChain({ ...this.#parts, onOpened }, wanted, pinned).open(signal);
	}

	/** Hears each time which engine answers, and which one should have. Returns the function that stops it. */
	onOpened(listener: AnswerChainParts['onOpened']): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}
}
