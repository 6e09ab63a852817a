import type { AdapterUse, EngineChoice } from '../core/setup.ts';
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
	/** True where the load was counted as a start of a trial. */
	readonly counted: boolean;
	/** With which adapters; absent: with none. */
	readonly adapters?: readonly AdapterUse[];
	/** Epoch milliseconds. */
	readonly at: number;
}

/** One for each engine, so that one that stands in for another does not wipe out what is known of that. */
export const loadMarkStore: StoreOf<LoadMark, [EngineRole, string, string]> = {
	name: 'load-marks',
	keyOf: loadMarkKey
};

export function loadMarkKey({
	role,
	choice
}: Pick<LoadMark, 'role' | 'choice'>): [EngineRole, string, string] {
	return [role, choice.model, choice.revision];
}
