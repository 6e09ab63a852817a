import { throwIfAborted } from '../../core/abort.ts';
import { formatBytes } from '../../core/bytes.ts';
import { AppError } from '../../core/errors.ts';
import type { Room } from '../migration-ports.ts';
import type { MigrationStep } from '../migration-step.ts';
import { sameSetup } from '../same-setup.ts';
import type { SetupRepository } from '../setup-repository.ts';

export interface PreflightDeps {
	readonly room: Room;
	readonly setup: Pick<SetupRepository, 'read'>;
}

/**
 * Between the plan and its start, days may have passed. Errors: `migration/refused` when another setup is in use,
 * `migration/no-room` when what the upgrade needs at its peak is no longer free.
 */
export function preflightStep(deps: PreflightDeps): MigrationStep<'preflight'> {
	return {
		async do({ peakBytes }, run) {
			const record = await deps.setup.read();
			if (!record || !sameSetup(record.current, run.plan.from)) {
				throw new AppError('migration/refused', {
					details: { reason: 'the setup has changed since this upgrade was planned' }
				});
			}
			const freeBytes = await deps.room.freeBytes(peakBytes);
			throwIfAborted(run.signal);
			if (freeBytes !== null && freeBytes < peakBytes) throw noRoom(peakBytes, freeBytes);
			await run.save({ freeBytes, peakBytes });
		},

		verify(_, { checkpoint }) {
			return Promise.resolve(
				checkpoint === undefined ? { done: false } : { done: true, result: checkpoint }
			);
		},

		async undo() {
			// It only looked.
		}
	};
}

function noRoom(needed: number, free: number): AppError {
	return new AppError('migration/no-room', {
		details: {
			needed: formatBytes(needed),
			free: formatBytes(free),
			short: formatBytes(needed - free)
		}
	});
}
