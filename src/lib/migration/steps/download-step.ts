import type { MigrationStep } from '../migration-step.ts';
import type { ModelSupply } from '../migration-ports.ts';

/** Brings a model onto this device, verified. It stays after an undo: deleting it is the user's choice. */
export function downloadStep(supply: ModelSupply): MigrationStep<'download'> {
	return {
		async do({ model }, run) {
			await supply.install(model, (done, total) => run.progress(done, total), run.signal);
		},

		async verify({ model, bytes }) {
			return (await supply.isInstalled(model))
				? { done: true, result: { bytes } }
				: { done: false };
		},

		async undo() {
			// A verified model is in nobody's way.
		}
	};
}
