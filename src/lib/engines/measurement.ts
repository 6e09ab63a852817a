import type { EngineDevice } from '../core/engine-device.ts';
import type { ModelId } from '../core/ids.ts';
import type { StoreOf } from '../ports/record-store.ts';

/** What a model did on this device when it was measured. Null for what it cannot do. */
export interface Measurement {
	readonly model: ModelId;
	/** Epoch milliseconds. */
	readonly at: number;
	readonly device: EngineDevice;
	/** From the start of its worker until it was ready, milliseconds. */
	readonly loadMs: number;
	/** From the request to the first text, milliseconds, of the second request: the first, about something else, warms up. */
	readonly firstTokenMs: number | null;
	/** Of the same answer, after its first text. Null also for engines that only quote: what they write costs no time. */
	readonly tokensPerSecond: number | null;
	/** Of texts as long as passages are, after a warm-up. */
	readonly textsPerSecond: number | null;
}

export const measurementStore: StoreOf<Measurement, readonly [ModelId, number]> = {
	name: 'measurements',
	keyOf: (row) => [row.model, row.at]
};
