import { AppError } from '../../core/errors.ts';
import type { MigrationStep } from '../migration-step.ts';
import { snapshotStore } from '../migration-records.ts';
import type { SetupRepository } from '../setup-repository.ts';
import { sameSetup } from '../same-setup.ts';
import { isIntact, takeSnapshot, type SnapshotTools } from '../snapshot.ts';

export interface SnapshotDeps extends SnapshotTools {
	readonly setup: SetupRepository;
}

/**
 * Saves the setup and the configuration, and checks the copy: one that does not hold fails the step, and after a crash it
 * is taken anew. The copy stays after an undo, until its plan is collected.
 */
export function snapshotStep(deps: SnapshotDeps): MigrationStep<'snapshot'> {
	return {
		async do({ setup }, { plan }) {
			const record = await deps.setup.read();
			if (!record || !sameSetup(record.current, setup)) throw new AppError('storage/conflict');
			await takeSnapshot(deps, { planId: plan.id, record, reason: 'upgrade' });
		},

		async verify({ setup }, { plan }) {
			const row = await deps.records.get(snapshotStore, [plan.id]);
			if (!row || !sameSetup(row.record.current, setup)) return { done: false };
			if ((await isIntact(row)) === false) return { done: false };
			return { done: true, result: { takenAt: row.takenAt, digest: row.digest ?? null } };
		},

		async undo() {
			// A copy harms no one, and the log may need it.
		}
	};
}
