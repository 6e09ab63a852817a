import type { ModelId } from '../core/ids.ts';
import type { Clock } from '../ports/clock.ts';
import { throttled } from './download/throttled.ts';
import type { OnBytes } from './model-library.ts';
import type { ModelActivity } from './model-state.ts';
import { SpeedMeter } from './speed-meter.ts';

/** Listeners hear of progress at most this often, in milliseconds. */
const progressInterval = 100;

/** What is going on with which model, and who wants to hear that a listing is another now. */
export class ModelActivities {
	readonly #clock: Clock;
	readonly #activities = new Map<ModelId, ModelActivity>();
	readonly #listeners = new Set<(model: ModelId) => void>();

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	of(model: ModelId): ModelActivity | undefined {
		return this.#activities.get(model);
	}

	/** Passes bytes on, and shows them as a download with its speed, or as a check. */
	begin(model: ModelId, at: ModelActivity['at'], onBytes: OnBytes): OnBytes {
		const speed = new SpeedMeter(this.#clock);
		const tell = throttled(this.#clock, progressInterval, () => this.tell(model));
		return (done, total) => {
			const activity: ModelActivity =
				at === 'verifying'
					? { at, done, total }
					: { at, done, total, bytesPerSecond: speed.add(done) };
			this.#activities.set(model, activity);
			onBytes(done, total);
			tell(done, total);
		};
	}

	end(model: ModelId): void {
		this.#activities.delete(model);
		this.tell(model);
	}

	tell(model: ModelId): void {
		for (const listener of this.#listeners) listener(model);
	}

	onChange(listener: (model: ModelId) => void): () => void {
		this.#listeners.add(listener);
		return () => void this.#listeners.delete(listener);
	}
}
