import type { Json } from '../core/json.ts';
import type { Setup } from '../core/setup.ts';
import type { StepRun, Verdict } from './migration-step.ts';

/**
 * A step of one's own in upgrades. `do`, `verify` and `undo` may each be run again after a crash at any point, and then
 * end the same way: see `MigrationStep`. Before the switch a step only adds; nothing that is in use is changed.
 */
export interface StepDefinition<Params extends Json = Json> {
	/** Journals name it for ever: unique among all steps, of a-z, 0-9 and "-". */
	readonly name: string;
	/** What it does, for people: `Copy the glossary`. */
	readonly title: string;
	/** `begin`: before anything is downloaded. `before-switch`: when the new engines are checked and the index is built. */
	readonly at: 'begin' | 'before-switch';
	/** What it needs to know, as it is to be journaled; null where it has nothing to do. Pure. */
	plan(from: Setup, to: Setup): Params | null;
	do(params: Params, run: StepRun): Promise<void>;
	/** Looks at the world and changes nothing. */
	verify(params: Params, run: StepRun): Promise<Verdict>;
	undo(params: Params, run: StepRun): Promise<void>;
}

/** Declares a step. Its own parameters are checked against `plan`; the list of steps knows them only as JSON. */
export function defineMigrationStep<Params extends Json>(
	step: StepDefinition<Params>
): StepDefinition {
	// What `plan` returned is what the others are given, by way of the journal.
	return step;
}
