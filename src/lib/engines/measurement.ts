import type { ModelId } from '../core/ids.ts';
import type { StoreOf } from '../ports/record-store.ts';

/** What a model did on this device when it was measured. Null for what it cannot do. */
export interface Measurement {
	readonly model: ModelId;
	/** Epoch milliseconds. */
	readonly at: number;
	readonly device: 'cpu' | 'wasm' | 'webgpu';
	/** From the start of its worker until it was ready, milliseconds. */
	readonly loadMs: number;
	/** From the request to the first text, milliseconds, the second time it was asked: the first warms up. */
	readonly firstTokenMs: number | null;
	readonly tokensPerSecond: number | null;
	readonly textsPerSecond: number | null;
}

export const measurementStore: StoreOf<Measurement, readonly [ModelId, number]> = {
	name: 'measurements',
	keyOf: (row) => [row.model, row.at]
};
