import { AppError } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import { write } from '../../ports/store-write.ts';
import type { MigrationStep } from '../migration-step.ts';
import { snapshotStore } from '../migration-records.ts';
import type { SetupRepository } from '../setup-repository.ts';
import { sameSetup } from '../same-setup.ts';

export interface SnapshotDeps {
	readonly records: RecordStore;
	readonly setup: SetupRepository;
	readonly clock: Clock;
}

/** Saves the setup record and reads it back. The copy stays after an undo, until its plan is collected. */
export function snapshotStep(deps: SnapshotDeps): MigrationStep<'snapshot'> {
	return {
		async do({ setup }, { plan }) {
			const record = await deps.setup.read();
			if (!record || !sameSetup(record.current, setup)) throw new AppError('storage/conflict');
			const row = { planId: plan.id, takenAt: deps.clock.now(), record };
			await deps.records.commit([write.put(snapshotStore, row)], { durability: 'strict' });
		},

		async verify({ setup }, { plan }) {
			const row = await deps.records.get(snapshotStore, [plan.id]);
			if (!row || !sameSetup(row.record.current, setup)) return { done: false };
			return { done: true, result: { takenAt: row.takenAt } };
		},

		async undo() {
			// A copy harms no one, and the log may need it.
		}
	};
}
