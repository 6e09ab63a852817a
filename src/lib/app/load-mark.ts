import type { EngineChoice } from '../core/setup.ts';
import type { StoreOf } from '../ports/record-store.ts';
import type { EngineRole } from './engine-pool.ts';

/**
 * On disk from before an engine is loaded until it is loaded or has failed in good order. One that is found at start was
 * left by a tab that died meanwhile.
 */
export interface LoadMark {
	readonly role: EngineRole;
	readonly choice: EngineChoice;
	/** Of the tab that loads. */
	readonly session: string;
	/** Epoch milliseconds. */
	readonly at: number;
}

export const loadMarkStore: StoreOf<LoadMark, EngineRole> = {
	name: 'load-marks',
	keyOf: (row) => row.role
};
