import type { EmbedPurpose, GenerateEvent, GenerateRequest } from '../core/generation.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import { nextTask } from '../core/next-task.ts';
import type { AdapterUse } from '../core/setup.ts';
import type { BenchEngine, EngineBench } from '../migration/migration-ports.ts';

export interface BenchScript {
	/** Awaited before each call of an engine; may wait, or throw what the engine fails with. */
	readonly before?: (call: BenchCall) => void | Promise<void>;
	/** Replaces the vectors of that model: each depends on one text alone. */
	readonly vector?: (model: string, text: string, dims: number) => Float32Array | undefined;
	/** Longer texts are told to be cut, in characters. */
	readonly reads?: number;
	/** What `generate` yields. */
	readonly answer?: readonly GenerateEvent[];
	/** Whether an engine has room beside those in use. Default: it has. */
	readonly room?: 'beside' | 'in-turn';
}

export interface BenchCall {
	readonly model: string;
	readonly method: 'open' | 'embed' | 'generate';
	readonly texts: readonly string[];
	readonly purpose: EmbedPurpose | null;
	/** Of `open`, where there are any. */
	readonly adapters?: readonly AdapterUse[];
}

const usage = { promptTokens: 1, completionTokens: 1, firstTokenMs: 1, totalMs: 1 };
const goodAnswer: readonly GenerateEvent[] = [
	{ type: 'text-delta', text: 'Blue.' },
	{ type: 'end', reason: 'stop', usage }
];

/** Engines whose vectors count letters and words: equal words, near vectors. Remembers what was called. */
export class ScriptedBench implements EngineBench {
	readonly calls: BenchCall[] = [];
	#script: BenchScript;
	#open = 0;
	#rests = 0;

	constructor(script: BenchScript = {}) {
		this.#script = script;
	}

	/** Engines that have not been closed. */
	get opened(): number {
		return this.#open;
	}

	/** How often the engines in use were sent to rest. */
	get rests(): number {
		return this.#rests;
	}

	room(): Promise<'beside' | 'in-turn'> {
		return Promise.resolve(this.#script.room ?? 'beside');
	}

	rest(): Promise<void> {
		this.#rests++;
		return Promise.resolve();
	}

	follow(script: BenchScript): void {
		this.#script = script;
	}

	async open(
		spec: ModelSpec,
		signal: AbortSignal,
		adapters: readonly AdapterUse[] = []
	): Promise<BenchEngine> {
		const call = { model: spec.id, method: 'open', texts: [], purpose: null } as const;
		await this.#begin({ ...call, ...(adapters.length > 0 && { adapters }) }, signal);
		this.#open++;
		const dims = spec.embedding?.dims ?? 0;
		let closed = false;
		return {
			dims: spec.embedding?.dims ?? null,
			device: 'cpu',
			embed: async (texts, purpose, abort, onTruncated) => {
				await this.#begin({ model: spec.id, method: 'embed', texts, purpose }, abort);
				const { reads = Infinity } = this.#script;
				onTruncated?.([...texts.keys()].filter((at) => texts[at]!.length > reads));
				return texts.map(
					(text) => this.#script.vector?.(spec.id, text, dims) ?? wordVector(text, dims)
				);
			},
			generate: (request, abort) => this.#generate(spec, request, abort),
			close: () => {
				if (!closed) this.#open--;
				closed = true;
				return Promise.resolve();
			}
		};
	}

	async *#generate(
		spec: ModelSpec,
		{ messages }: GenerateRequest,
		signal: AbortSignal
	): AsyncIterable<GenerateEvent> {
		const texts = messages.map(({ content }) => content);
		await this.#begin({ model: spec.id, method: 'generate', texts, purpose: null }, signal);
		yield* this.#script.answer ?? goodAnswer;
	}

	async #begin(call: BenchCall, signal: AbortSignal): Promise<void> {
		signal.throwIfAborted();
		this.calls.push(call);
		await this.#script.before?.(call);
		await nextTask();
		signal.throwIfAborted();
	}
}

function wordVector(text: string, dims: number): Float32Array {
	const vector = new Float32Array(dims);
	for (const word of text.toLowerCase().split(/\W+/).filter(Boolean)) {
		let state = 7;
		for (const letter of word) state = (state * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
		const slot = state % dims;
		vector[slot] = (vector[slot] ?? 0) + 1;
	}
	const length = Math.hypot(...vector) || 1;
	return vector.map((value) => value / length);
}
