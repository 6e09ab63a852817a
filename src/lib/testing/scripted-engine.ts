import type { ModelId } from '../core/ids.ts';
import type { GenerateRequest } from '../core/generation.ts';
import type { EmbeddingSpec, ModelSpec, Task } from '../core/model-spec.ts';
import { nextTask } from '../core/next-task.ts';
import { BaseModelEngine, type GenerateDelta } from '../engines/base-model-engine.ts';
import { cutAtStop } from '../engines/cut-at-stop.ts';
import type {
	CallContext,
	EmbedContext,
	EngineCapabilities,
	LoadRequest
} from '../engines/engine-contract.ts';
import type { GenerateOutcome } from '../engines/generation-meter.ts';

export type ScriptedMethod = 'load' | 'generate' | 'embed' | 'unload';

export interface Script {
	/** What `generate` streams. */
	readonly tokens?: readonly string[];
	/** What it streams before, as reasoning. */
	readonly reasoning?: readonly string[];
	/** How much of the prompt it says to have known already. */
	readonly cachedTokens?: number;
	/** Awaited in `load` and `embed` (at 0), and in `generate` before each token. Abort is seen when it resolves. */
	readonly pause?: (method: ScriptedMethod, at: number) => Promise<void>;
	/** Throws this in that method's call number `call`, counted from 1. In `generate` after the first token. */
	readonly fail?: {
		readonly method: ScriptedMethod;
		readonly call: number;
		readonly error: unknown;
	};
	/** Returned by `embed` instead of hash vectors; may throw. */
	readonly vectors?: (texts: readonly string[]) => Float32Array[];
}

const scriptedEmbedding: EmbeddingSpec = {
	dims: 8,
	pooling: 'none',
	prefixes: { query: '', passage: '' },
	normalise: true,
	maxTokens: null
};

/** The model that a `ScriptedEngine` loads; others are a failed load. */
export const scriptedModel: ModelSpec = {
	id: 'scripted' as ModelId,
	name: 'Scripted',
	engine: 'scripted',
	revision: '1',
	tasks: ['generate', 'embed'],
	contextTokens: 512,
	dtype: null,
	embedding: scriptedEmbedding,
	files: []
};

/** The same, but it reads only eight words of a text that it embeds. */
export const shortSightedModel: ModelSpec = {
	...scriptedModel,
	embedding: { ...scriptedEmbedding, maxTokens: 8 }
};

/** Does what a script says, and remembers in which order it was called. Its tokens are words where it embeds. */
export class ScriptedEngine extends BaseModelEngine {
	override readonly info = { kind: 'scripted', name: 'Scripted', extractive: false };
	/** Calls that got their turn, oldest first, such as `embed passage a, b`. */
	readonly log: string[] = [];
	readonly #script: Script;
	readonly #calls: Record<ScriptedMethod, number> = { load: 0, generate: 0, embed: 0, unload: 0 };
	#dims = 0;
	#maxTokens: number | null = null;

	constructor(script: Script = {}) {
		super();
		this.#script = script;
	}

	/** As when the device goes while nothing is running. */
	lose(): void {
		this.markLost();
	}

	protected override async doLoad(
		{ spec }: LoadRequest,
		{ signal, onProgress }: CallContext
	): Promise<EngineCapabilities> {
		this.#begin('load', spec.id);
		for (const done of [1, 2, 3, 4]) {
			await nextTask();
			onProgress?.({ done, total: 4 });
		}
		await this.#script.pause?.('load', 0);
		signal.throwIfAborted();
		if (spec.id !== scriptedModel.id) throw new Error(`no model ${spec.id}`);
		this.#failIfDue('load');
		this.#dims = spec.embedding?.dims ?? 0;
		this.#maxTokens = spec.embedding?.maxTokens ?? null;
		const tasks: readonly Task[] = spec.tasks;
		return {
			tasks,
			contextTokens: spec.contextTokens,
			embeddingDims: spec.embedding?.dims ?? null,
			device: 'cpu'
		};
	}

	protected override doGenerate(
		request: GenerateRequest,
		context: CallContext
	): AsyncGenerator<GenerateDelta, GenerateOutcome> {
		return cutAtStop(this.#tell(request, context), request.stop);
	}

	protected override async doEmbed(
		texts: readonly string[],
		{ signal, purpose, onProgress, onTruncated }: EmbedContext
	): Promise<Float32Array[]> {
		this.#begin('embed', `${purpose} ${texts.join(', ')}`);
		await nextTask();
		await this.#script.pause?.('embed', 0);
		signal.throwIfAborted();
		this.#failIfDue('embed');
		const read = texts.map((text) => this.#beginning(text));
		onTruncated?.([...texts.keys()].filter((at) => read[at] !== texts[at]));
		const vectors = this.#script.vectors?.(texts);
		onProgress?.({ done: texts.length, total: texts.length });
		return vectors ?? read.map((text) => hashVector(text, this.#dims));
	}

	protected override async doUnload(): Promise<void> {
		this.#begin('unload');
		this.#failIfDue('unload');
	}

	async *#tell(
		{ messages, maxTokens }: GenerateRequest,
		{ signal }: CallContext
	): AsyncGenerator<GenerateDelta, GenerateOutcome> {
		this.#begin('generate', messages.at(-1)?.content ?? '');
		const {
			reasoning = [],
			tokens = ['One', ' two', ' three', ' four'],
			cachedTokens
		} = this.#script;
		const deltas: GenerateDelta[] = [
			...reasoning.map((text) => ({ type: 'reasoning-delta', text }) as const),
			...tokens.map((text) => ({ type: 'text-delta', text }) as const)
		];
		for (const [at, delta] of deltas.slice(0, maxTokens).entries()) {
			await nextTask();
			await this.#script.pause?.('generate', at);
			signal.throwIfAborted();
			yield delta;
			this.#failIfDue('generate');
		}
		return {
			reason: deltas.length > maxTokens ? 'length' : 'stop',
			promptTokens: 1,
			...(cachedTokens === undefined ? null : { cachedTokens })
		};
	}

	#beginning(text: string): string {
		if (this.#maxTokens === null) return text;
		const words = text.match(/\s*\S+/g) ?? [];
		return words.length > this.#maxTokens ? words.slice(0, this.#maxTokens).join('') : text;
	}

	#begin(method: ScriptedMethod, what = ''): void {
		this.#calls[method]++;
		this.log.push(`${method} ${what}`.trim());
	}

	#failIfDue(method: ScriptedMethod): void {
		const { fail } = this.#script;
		if (fail?.method === method && fail.call === this.#calls[method]) throw fail.error;
	}
}

/** A vector of length 1 that depends on the text alone. */
function hashVector(text: string, dims: number): Float32Array {
	let state = 0x811c9dc5;
	for (const letter of text) state = Math.imul(state ^ (letter.codePointAt(0) ?? 0), 0x01000193);
	const values = Float32Array.from({ length: dims }, () => {
		state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
		return ((state >>> 8) & 0xffff) / 0x8000 - 1;
	});
	const length = Math.hypot(...values);
	return values.map((value) => value / length);
}
