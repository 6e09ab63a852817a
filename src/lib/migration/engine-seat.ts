import { hasCode } from '../core/errors.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { BenchEngine, EngineBench } from './migration-ports.ts';

/** What fills an index. */
export type Embedder = Pick<BenchEngine, 'embed' | 'close'>;

export interface EmbedderBench extends Pick<EngineBench, 'room' | 'rest'> {
	open(spec: ModelSpec, signal: AbortSignal): Promise<Embedder>;
	openForMany?(spec: ModelSpec, signal: AbortSignal): Promise<Embedder>;
}

export interface SeatDeps {
	readonly bench: EmbedderBench;
	/** Resolves when nobody is being answered. */
	readonly whenIdle: (signal: AbortSignal) => Promise<void>;
}

/**
 * The engine that fills an index: opened when it is needed, and again after it was given up. Where there is no room for
 * it beside those in use, these rest first.
 */
export class EngineSeat {
	readonly #deps: SeatDeps;
	readonly #spec: ModelSpec;
	#engine: Embedder | null = null;
	#inTurn = false;
	/** Memory ran out once beside the others. */
	#crowded = false;

	constructor(deps: SeatDeps, spec: ModelSpec) {
		this.#deps = deps;
		this.#spec = spec;
	}

	/** True while the engines in use rest for this one: they get the memory back before they are asked anything. */
	get inTurn(): boolean {
		return this.#engine !== null && this.#inTurn;
	}

	/** Errors: those of `EngineBench.open`. */
	async take(signal: AbortSignal): Promise<Embedder> {
		this.#engine ??= await this.#open(signal);
		return this.#engine;
	}

	/** Ends the engine, if there is one. The next `take` opens a fresh one. */
	async leave(): Promise<void> {
		const engine = this.#engine;
		this.#engine = null;
		await engine?.close();
	}

	async #open(signal: AbortSignal): Promise<Embedder> {
		const { bench, whenIdle } = this.#deps;
		this.#inTurn = this.#crowded || (await bench.room(this.#spec)) === 'in-turn';
		if (this.#inTurn) {
			await whenIdle(signal);
			await bench.rest();
		}
		try {
			return await (bench.openForMany?.(this.#spec, signal) ?? bench.open(this.#spec, signal));
		} catch (error) {
			if (this.#inTurn || !hasCode(error, 'engine/out-of-memory')) throw error;
			this.#crowded = true;
			return this.#open(signal);
		}
	}
}
