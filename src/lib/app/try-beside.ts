import { throwIfAborted } from '../core/abort.ts';
import type { AdapterMatch } from '../core/adapter-match.ts';
import { AppError } from '../core/errors.ts';
import type { GenerateRequest } from '../core/generation.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { AdapterUse } from '../core/setup.ts';
import type { EngineBench } from '../migration/migration-ports.ts';
import { openWithRoom } from '../migration/open-with-room.ts';

export type TrySide = 'base' | 'adapted';

/** What happens to the answers, in order: all of the base model's, then all of the other. */
export type TryEvent =
	| { readonly type: 'loading' | 'writing'; readonly side: TrySide }
	/** What comes next of that answer. */
	| { readonly type: 'text'; readonly side: TrySide; readonly text: string }
	| {
			readonly type: 'end';
			readonly side: TrySide;
			/** How much of each adapter found its place. Empty for the base model. */
			readonly matches: readonly AdapterMatch[];
	  };

export interface TryRequest {
	readonly spec: ModelSpec;
	readonly prompt: string;
	/** What the second answer is written with. */
	readonly adapters: readonly AdapterUse[];
}

interface Parts {
	readonly bench: Pick<EngineBench, 'open' | 'room' | 'rest'>;
	/** Resolves when nobody is being answered. */
	readonly whenIdle: (signal: AbortSignal) => Promise<void>;
	/** True while an upgrade is working: it and this would slow one another down. */
	readonly busy: () => boolean;
}

/** Long enough to see how an adapter writes. */
const answerTokens = 256;
/** On top, for models that reason. */
const reasoningTokens = 200;

/**
 * Lets a model answer without and with adapters, in workers of their own: what is in use stays as it is. One after the
 * other, so that the model is in memory once; where it has no room beside the engines in use, these rest.
 */
export class TryBeside {
	readonly #parts: Parts;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** Errors: `migration/running` while an upgrade is working; those of loading and of `generate`; `cancelled`. */
	async *compare(request: TryRequest, signal: AbortSignal): AsyncGenerator<TryEvent> {
		if (this.#parts.busy()) throw new AppError('migration/running');
		yield* this.#answer('base', { ...request, adapters: [] }, signal);
		yield* this.#answer('adapted', request, signal);
	}

	async *#answer(
		side: TrySide,
		{ spec, prompt, adapters }: TryRequest,
		signal: AbortSignal
	): AsyncGenerator<TryEvent> {
		yield { type: 'loading', side };
		const engine = await openWithRoom(this.#parts, { spec, adapters }, signal);
		try {
			yield { type: 'writing', side };
			for await (const event of engine.generate(requestOf(spec, prompt), signal)) {
				if (event.type === 'text-delta') yield { type: 'text', side, text: event.text };
			}
			// An answer that was stopped ends in good order: it is no answer to compare with.
			throwIfAborted(signal);
			yield { type: 'end', side, matches: engine.adapters ?? [] };
		} finally {
			await engine.close();
		}
	}
}

/** The prompt alone, always answered in the same way: what differs is the adapters' doing. */
function requestOf({ reasoning }: ModelSpec, prompt: string): GenerateRequest {
	return {
		question: prompt,
		messages: [{ role: 'user', content: prompt }],
		passages: [],
		temperature: 0,
		seed: 1,
		maxTokens: answerTokens + (reasoning ? reasoningTokens : 0),
		...(reasoning ? { reasoningTokens } : {})
	};
}
