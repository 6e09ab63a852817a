import type { ChatMessage } from '../../../src/lib/core/generation.ts';
import type { ModelSpec } from '../../../src/lib/core/model-spec.ts';
import type { AdapterUse } from '../../../src/lib/core/setup.ts';
import type { EngineClient } from '../../../src/lib/engines/engine-client.ts';
import { noFiles } from '../../../src/lib/engines/no-files.ts';
import { engineInWorker } from './engine-in-worker.ts';
import type { ChatRun, EngineSide } from './engine-side.ts';

const never = (): AbortSignal => new AbortController().signal;

/** The app's own engine, in the app's own worker, over its own wire, from its own store. */
export class OurSide implements EngineSide {
	readonly #spec: ModelSpec;
	readonly #device: 'wasm' | 'webgpu';
	readonly #adapters: readonly AdapterUse[];
	readonly #client: EngineClient;

	constructor(spec: ModelSpec, device: 'wasm' | 'webgpu', adapters: readonly AdapterUse[] = []) {
		this.#spec = spec;
		this.#device = device;
		this.#adapters = adapters;
		this.#client = engineInWorker(spec.engine);
	}

	async load(): Promise<number> {
		const start = performance.now();
		const where = { files: noFiles, device: this.#device };
		const request = { spec: this.#spec, ...where, adapters: this.#adapters };
		await this.#client.load(request, { signal: never(), onProgress: () => undefined });
		return performance.now() - start;
	}

	async chat(messages: readonly ChatMessage[], maxTokens: number): Promise<ChatRun> {
		const start = performance.now();
		let firstMs = Number.NaN;
		let text = '';
		const request = {
			...{ messages, maxTokens, passages: [], temperature: 0, seed: null },
			question: messages.at(-1)?.content ?? ''
		};
		for await (const event of this.#client.generate(request, { signal: never() })) {
			if (event.type === 'end') {
				const { completionTokens: tokens, promptTokens, cachedTokens = null } = event.usage;
				const totalMs = performance.now() - start;
				return { text, tokens, firstMs, totalMs, promptTokens, cachedTokens };
			}
			if (text === '') firstMs = performance.now() - start;
			text += event.text;
		}
		throw new Error('The answer has no end.');
	}

	embed(
		texts: readonly string[],
		purpose: 'query' | 'passage' = 'passage'
	): Promise<readonly Float32Array[]> {
		return this.#client.embed(texts, { purpose, signal: never() });
	}

	close(): Promise<void> {
		return this.#client.unload();
	}
}
