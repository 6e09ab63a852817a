import type { ChatMessage } from '../../../src/lib/core/generation.ts';
import type { BareAnswer, BareModel, BareQuestion } from './bare-message.ts';
import type { ChatRun, EngineSide } from './engine-side.ts';

/** The library in a worker of its own, which posts each text as it comes. */
export class BareSide implements EngineSide {
	readonly #model: BareModel;
	#worker: Worker | undefined;

	constructor(model: BareModel) {
		this.#model = model;
	}

	async load(): Promise<number> {
		const start = performance.now();
		this.#worker = new Worker(new URL('./bare.worker.ts', import.meta.url), { type: 'module' });
		await this.#ask({ ask: 'load', model: this.#model });
		return performance.now() - start;
	}

	async chat(messages: readonly ChatMessage[], maxTokens: number): Promise<ChatRun> {
		const start = performance.now();
		let firstMs = Number.NaN;
		let text = '';
		const end = await this.#ask({ ask: 'chat', messages, maxTokens }, (piece) => {
			if (text === '') firstMs = performance.now() - start;
			text += piece;
		});
		const tokens = end.answer === 'end' ? end.tokens : 0;
		const totalMs = performance.now() - start;
		return { text, tokens, firstMs, totalMs, promptTokens: null, cachedTokens: null };
	}

	async embed(texts: readonly string[]): Promise<readonly Float32Array[]> {
		const answer = await this.#ask({ ask: 'embed', texts });
		return answer.answer === 'vectors' ? answer.vectors : [];
	}

	close(): Promise<void> {
		this.#worker?.terminate();
		return Promise.resolve();
	}

	#ask(question: BareQuestion, onText?: (text: string) => void): Promise<BareAnswer> {
		const worker = this.#worker;
		return new Promise((resolve, reject) => {
			if (!worker) throw new Error('not loaded');
			worker.onmessage = ({ data }: MessageEvent<BareAnswer>) => {
				if (data.answer === 'text') onText?.(data.text);
				else if (data.answer === 'error') reject(new Error(data.message));
				else resolve(data);
			};
			worker.onerror = (event) => reject(new Error(event.message));
			worker.postMessage(question);
		});
	}
}
