import type { ModelId } from '../../core/ids.ts';
import type { ModelSpec } from '../../core/model-spec.ts';
import type { Measurement } from '../../engines/measurement.ts';
import type { ModelListing } from '../../library/library-api.ts';
import { describeSpeed } from './model-words.ts';
import type { Notices } from './notices.svelte.ts';

/** Loads a model in a worker of its own and times it. */
export interface Meter {
	/** `onPhase` hears what it is doing, in words. */
	measure(
		spec: ModelSpec,
		signal: AbortSignal,
		onPhase: (phase: string) => void
	): Promise<Measurement>;
	/** The last one of each model. */
	latest(): Promise<ReadonlyMap<ModelId, Measurement>>;
}

interface Parts {
	readonly meter: Meter;
	readonly notices: Notices;
}

/** How fast models are on this device; measures one at a time. */
export class MeasureView {
	readonly #parts: Parts;
	#results = $state.raw<ReadonlyMap<ModelId, Measurement> | null>(null);
	#running = $state.raw<{ readonly model: ModelId; readonly phase: string } | null>(null);
	#stop = new AbortController();

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** The last one; null for a model that was never measured. */
	resultOf(model: ModelId): Measurement | null {
		return this.#results?.get(model) ?? null;
	}

	/** The model that is being measured, and what is being done with it. */
	get running(): { readonly model: ModelId; readonly phase: string } | null {
		return this.#running;
	}

	async refresh(): Promise<void> {
		this.#results = await this.#parts.meter.latest();
	}

	/** Does nothing while another one is being measured, and for models that are not here. */
	async start({ id, entry, frozen }: ModelListing): Promise<void> {
		if (this.#running || !frozen) return;
		this.#stop = new AbortController();
		this.#running = { model: id, phase: '' };
		const show = (phase: string): void => {
			this.#running = { model: id, phase };
		};
		await this.#parts.notices.run(async () => {
			const measured = await this.#parts.meter.measure(frozen.spec, this.#stop.signal, show);
			await this.refresh();
			return `${entry.name} on this device: ${describeSpeed(measured).join(', ')}.`;
		}, entry.name);
		this.#running = null;
	}

	stop = (): void => this.#stop.abort();
}
