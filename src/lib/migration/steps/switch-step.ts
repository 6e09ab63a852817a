import { throwIfAborted } from '../../core/abort.ts';
import type { Json } from '../../core/json.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import { days } from '../days.ts';
import type { FailedPassages } from '../failed-passage.ts';
import { fillIndex, type FillDeps } from '../fill-index.ts';
import { impatient } from '../hold.ts';
import type { MigrationStep, StepRun } from '../migration-step.ts';
import type { SetupRepository } from '../setup-repository.ts';
import { withoutFailedAdapters } from '../without-failed-adapters.ts';

export interface SwitchDeps extends FillDeps {
	readonly setup: SetupRepository;
	readonly records: RecordStore;
}

/**
 * Makes the new setup the active one: one write, in which the old setup is kept for the trial. An adapter that was found
 * not to work with the new chat engine is not in it.
 */
export function switchStep(deps: SwitchDeps): MigrationStep<'switch'> {
	return {
		async do({ from, to, keepDays }, run) {
			await bringUpToDate(deps, run);
			throwIfAborted(run.signal);
			const usable = await withoutFailedAdapters(deps.records, to);
			const keepUntil = deps.clock.now() + days(keepDays);
			// In one commit with the journal: a runner that lost the journal cannot switch any more.
			await deps.setup.startTrial({ from, to: usable, planId: run.plan.id, keepUntil }, (writes) =>
				run.save({ keepUntil }, writes)
			);
		},

		async verify(_, { plan }) {
			const trial = (await deps.setup.read())?.trial;
			if (trial?.planId !== plan.id) return { done: false };
			return { done: true, result: { keepUntil: trial.keepUntil } };
		},

		async undo(_, { plan }) {
			await deps.setup.restorePrevious(plan.id);
		}
	};
}

/**
 * Documents that were added since the new index was built get their vectors before anyone searches in it. What cannot be
 * embedded is named in the checkpoint, until it is tried again.
 */
async function bringUpToDate(deps: SwitchDeps, run: StepRun): Promise<void> {
	const build = run.plan.steps.find((step) => step.kind === 'build-index');
	if (!build) return;
	if (run.checkpoint !== undefined) await run.save({});
	await fillIndex(deps, {
		spec: build.params.spec,
		index: build.params.index,
		patience: impatient(run.signal),
		onBatch: (embedded, total, effort) => {
			run.progress(embedded, total, effort);
			return Promise.resolve();
		},
		onFailed: (failures, failed) => run.save(toJson({ failures, failed }))
	});
}

/** It is plain JSON already; the types of its parts are too exact to say so. */
function toJson(failed: FailedPassages): Json {
	return failed as unknown as Json;
}
