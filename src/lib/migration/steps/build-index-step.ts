import type { Json } from '../../core/json.ts';
import { days } from '../days.ts';
import type { FailedPassages } from '../failed-passage.ts';
import { fillIndex, type FillDeps } from '../fill-index.ts';
import { patienceOf } from '../hold.ts';
import type { IndexWorkshop } from '../migration-ports.ts';
import type { Effort, MigrationStep } from '../migration-step.ts';

export interface BuildIndexDeps extends FillDeps {
	readonly workshop: IndexWorkshop;
}

/** `existed`: the index was there before this upgrade, so it is not this upgrade's to delete. */
interface BuildCheckpoint extends FailedPassages {
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
			let at = { embedded: before?.embedded ?? 0, total: before?.texts ?? 0 };
			const save = async (parts: Partial<BuildCheckpoint> = {}): Promise<void> => {
				await run.save(toJson({ existed, ...at, finished: false, ...parts }));
			};
			const onBatch = async (embedded: number, total: number, effort: Effort): Promise<void> => {
				at = { embedded, total };
				run.progress(embedded, total, effort);
				await save();
			};
			// Saved before the index is made, so that undo knows whose it is.
			await save();
			const begun = await deps.workshop.createIndex(indexSpec);
			run.progress(begun.embedded, begun.texts);
			if (existed) await deps.workshop.retireIndex(index, null);
			await fillIndex(deps, {
				spec,
				index,
				patience: patienceOf(run),
				onBatch,
				onFailed: (failures, failed) => save({ failures, failed })
			});
			const after = await deps.workshop.indexState(index);
			if (!after) return;
			at = { embedded: after.embedded, total: after.texts };
			run.progress(at.embedded, at.total);
			await save({ finished: true });
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

/** It is plain JSON already; the types of its parts are too exact to say so. */
function toJson(checkpoint: BuildCheckpoint): Json {
	return checkpoint as unknown as Json;
}

function readCheckpoint(checkpoint: Json | undefined): BuildCheckpoint | undefined {
	return checkpoint as BuildCheckpoint | undefined;
}
