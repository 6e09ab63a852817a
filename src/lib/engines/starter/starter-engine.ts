import { throwIfAborted } from '../../core/abort.ts';
import { AppError } from '../../core/errors.ts';
import type { GenerateRequest } from '../../core/generation.ts';
import type { ModelSpec } from '../../core/model-spec.ts';
import { nextTask } from '../../core/next-task.ts';
import { BaseModelEngine, type GenerateDelta } from '../base-model-engine.ts';
import { cutAtStop } from '../cut-at-stop.ts';
import type {
	CallContext,
	EmbedContext,
	EngineCapabilities,
	LoadRequest
} from '../engine-contract.ts';
import type { GenerateOutcome } from '../generation-meter.ts';
import { embedder1 } from './embedder-1.ts';
import { embedder2 } from './embedder-2.ts';
import { quoteAnswer } from './quote-answer.ts';
import { starterInfo } from './starter-info.ts';
import type { TextEmbedder } from './text-embedder.ts';

const embedders: Readonly<Record<string, TextEmbedder>> = {
	'starter-1': embedder1,
	'starter-2': embedder2
};

const textsPerTask = 8;
const wordsPerDelta = 3;

/** The engine that is always there: no download, no GPU, no language model. It embeds by hashing and answers by quoting. */
export class StarterEngine extends BaseModelEngine {
	override readonly info = starterInfo;
	#embedder: TextEmbedder = embedder1;

	protected override async doLoad(
		{ spec }: LoadRequest,
		{ onProgress }: CallContext
	): Promise<EngineCapabilities> {
		this.#embedder = await Promise.resolve(embedderOf(spec));
		onProgress?.({ done: 1, total: 1 });
		return {
			tasks: spec.tasks,
			contextTokens: spec.contextTokens,
			embeddingDims: this.#embedder.dims,
			device: 'cpu'
		};
	}

	protected override async *doGenerate(
		request: GenerateRequest,
		{ signal }: CallContext
	): AsyncGenerator<GenerateDelta, GenerateOutcome> {
		const words = quoteAnswer(request).match(/\s*\S+/g) ?? [];
		const kept = words.slice(0, request.maxTokens);
		let said = 0;
		async function* say(): AsyncGenerator<GenerateDelta, GenerateOutcome> {
			while (said < kept.length && !signal.aborted) {
				const next = kept.slice(said, said + wordsPerDelta);
				said += next.length;
				yield { type: 'text-delta', text: next.join('') };
				await nextTask();
			}
			return { reason: kept.length < words.length ? 'length' : 'stop' };
		}
		const { reason } = yield* cutAtStop(say(), request.stop);
		return { reason, promptTokens: countWords(request), completionTokens: said };
	}

	protected override async doEmbed(
		texts: readonly string[],
		{ signal }: EmbedContext
	): Promise<Float32Array[]> {
		const vectors: Float32Array[] = [];
		for (const text of texts) {
			throwIfAborted(signal);
			vectors.push(this.#embedder.embed(text));
			if (vectors.length % textsPerTask === 0) await nextTask();
		}
		return vectors;
	}

	protected override async doUnload(): Promise<void> {
		// Nothing is held.
	}
}

function embedderOf(spec: ModelSpec): TextEmbedder {
	const embedder = embedders[spec.id];
	if (!embedder || spec.embedding?.dims !== embedder.dims) {
		throw new AppError('engine/load-failed', {
			details: { reason: `the Starter engine has no model ${spec.id}` }
		});
	}
	return embedder;
}

/** Its unit is the word. */
function countWords({ messages, passages }: GenerateRequest): number {
	const texts = [...messages.map(({ content }) => content), ...passages.map(({ text }) => text)];
	return texts.reduce((sum, text) => sum + (text.match(/\S+/g)?.length ?? 0), 0);
}
