import type { AppError } from '../core/errors.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { DevicePreference } from '../engines/engine-contract.ts';
import type { Clock } from '../ports/clock.ts';

/** How long a model that has failed in every way is left alone, milliseconds. */
const restMs = 60_000;

interface Failure {
	readonly error: AppError;
	/** Monotonic. */
	readonly at: number;
}

type Model = Pick<ModelSpec, 'engine' | 'id' | 'revision'>;

/** What this tab remembers of engines that failed, so that the next question does not run into the same again. */
export class EngineFailures {
	readonly #clock: Pick<Clock, 'monotonic'>;
	readonly #onGpu = new Set<string>();
	readonly #resting = new Map<string, Failure>();

	constructor(clock: Pick<Clock, 'monotonic'>) {
		this.#clock = clock;
	}

	/** Where the model should be computed: on the processor once the GPU has failed for it. */
	device(model: Model): DevicePreference {
		return this.#onGpu.has(keyOf(model)) ? 'wasm' : 'auto';
	}

	gpuFailed(model: Model): void {
		this.#onGpu.add(keyOf(model));
	}

	/** It has failed in every way that there is, for that reason at last. */
	failed(model: Model, error: AppError): void {
		this.#resting.set(keyOf(model), { error, at: this.#clock.monotonic() });
	}

	/** Why it failed, for a minute from then; null when it may be tried. */
	lately(model: Model): AppError | null {
		const failure = this.#resting.get(keyOf(model));
		if (!failure || this.#clock.monotonic() - failure.at >= restMs) return null;
		return failure.error;
	}

	/** The user wants it again: it gets every chance anew. */
	forget(model: Model): void {
		this.#onGpu.delete(keyOf(model));
		this.#resting.delete(keyOf(model));
	}

	forgetAll(): void {
		this.#onGpu.clear();
		this.#resting.clear();
	}
}

function keyOf({ engine, id, revision }: Model): string {
	return `${engine}/${id}@${revision}`;
}
