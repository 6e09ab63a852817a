import type { Json } from '../../core/json.ts';
import { days } from '../days.ts';
import { fillIndex, type FillDeps } from '../fill-index.ts';
import type { IndexWorkshop } from '../migration-ports.ts';
import type { MigrationStep } from '../migration-step.ts';

export interface BuildIndexDeps extends FillDeps {
	readonly workshop: IndexWorkshop;
}

/** `existed`: the index was there before this upgrade, so it is not this upgrade's to delete. */
interface BuildCheckpoint {
	readonly existed: boolean;
	readonly embedded: number;
	readonly total: number;
	readonly finished: boolean;
}

/** Builds the new index beside the one in use: as many vectors as there are texts. */
export function buildIndexStep(deps: BuildIndexDeps): MigrationStep<'build-index'> {
	return {
		async do({ spec, indexSpec, index }, run) {
			const before = await deps.workshop.indexState(index);
			const existed = readCheckpoint(run.checkpoint)?.existed ?? before !== null;
			const save = async (embedded: number, total: number, finished: boolean): Promise<void> => {
				run.progress(embedded, total);
				await run.save({ existed, embedded, total, finished } satisfies BuildCheckpoint);
			};
			// Saved before the index is made, so that undo knows whose it is.
			await save(before?.embedded ?? 0, before?.texts ?? 0, false);
			await deps.workshop.createIndex(indexSpec);
			if (existed) await deps.workshop.retireIndex(index, null);
			await fillIndex(deps, {
				spec,
				index,
				speed: run.speed() === 'full' ? 'full' : 'gentle',
				signal: run.signal,
				onBatch: (embedded, total) => save(embedded, total, false)
			});
			const after = await deps.workshop.indexState(index);
			if (after) await save(after.embedded, after.texts, true);
		},

		async verify({ index }, run) {
			const state = await deps.workshop.indexState(index);
			const checkpoint = readCheckpoint(run.checkpoint);
			if (!state || !checkpoint?.finished) return { done: false };
			// Documents that were added a moment ago are not missing: the switch brings the index up to date.
			const done = state.embedded >= Math.min(state.texts, checkpoint.total);
			if (!done) return { done: false };
			return { done: true, result: { texts: state.texts, embedded: state.embedded } };
		},

		async undo({ index }, run) {
			const existed = readCheckpoint(run.checkpoint)?.existed ?? false;
			if (!(await deps.workshop.indexState(index))) return;
			// A whole index is worth keeping for a while: going forward again is then instant.
			if (existed || run.verified) {
				const until = deps.clock.now() + days(run.plan.options.keepDays);
				await deps.workshop.retireIndex(index, until);
			} else if (run.checkpoint !== undefined) {
				await deps.workshop.dropIndex(index);
			}
		}
	};
}

function readCheckpoint(checkpoint: Json | undefined): BuildCheckpoint | undefined {
	return checkpoint as BuildCheckpoint | undefined;
}
