import { adapterStore } from '../../adapters/adapter-records.ts';
import { throwIfAborted } from '../../core/abort.ts';
import { AppError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { AdapterShelf } from '../migration-ports.ts';
import type { MigrationStep, StepRun } from '../migration-step.ts';
import { snapshotStore } from '../migration-records.ts';
import type { SetupRepository } from '../setup-repository.ts';
import { sameSetup } from '../same-setup.ts';
import { isIntact, takeSnapshot, type SnapshotTools } from '../snapshot.ts';

export interface SnapshotDeps extends SnapshotTools {
	readonly setup: SetupRepository;
	readonly adapters: Pick<AdapterShelf, 'damaged'>;
}

/** What a checkpoint of the step says. */
interface DamagedAdapters {
	readonly damaged: readonly string[];
}

/**
 * Saves the setup and the configuration, and checks the copy: one that does not hold fails the step, and after a crash it
 * is taken anew. The copy stays after an undo, until its plan is collected. The stored bytes of all adapters are read
 * before: damaged ones are named, and the upgrade goes on, also where one of them is on: without the upgrade it
 * would work no better.
 */
export function snapshotStep(deps: SnapshotDeps): MigrationStep<'snapshot'> {
	return {
		async do({ setup }, run) {
			const record = await deps.setup.read();
			if (!record || !sameSetup(record.current, setup)) throw new AppError('storage/conflict');
			await nameDamaged(deps, run);
			await takeSnapshot(deps, { planId: run.plan.id, record, reason: 'upgrade' });
		},

		async verify({ setup }, { plan, checkpoint }) {
			const row = await deps.records.get(snapshotStore, [plan.id]);
			if (!row || !sameSetup(row.record.current, setup)) return { done: false };
			if ((await isIntact(row)) === false) return { done: false };
			return {
				done: true,
				result: { takenAt: row.takenAt, digest: row.digest ?? null, ...damagedIn(checkpoint) }
			};
		},

		async undo() {
			// A copy harms no one, and the log may need it.
		}
	};
}

/** The names of adapters whose stored bytes are not what was added. Nothing is written where all are whole. */
async function nameDamaged({ records, adapters }: SnapshotDeps, run: StepRun): Promise<void> {
	const rows = await records.list(adapterStore);
	if (rows.length === 0) return;
	const ids = rows.map(({ id }) => id);
	const damaged = await adapters.damaged(ids, run.signal);
	throwIfAborted(run.signal);
	if (damaged.length === 0 && run.checkpoint === undefined) return;
	const names = rows.filter(({ id }) => damaged.includes(id)).map(({ name }) => name);
	await run.save({ damaged: names });
}

function damagedIn(checkpoint: Json | undefined): { damaged?: readonly string[] } {
	const damaged = (checkpoint as DamagedAdapters | undefined)?.damaged ?? [];
	return damaged.length > 0 ? { damaged } : {};
}
