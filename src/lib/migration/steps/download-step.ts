import { againstDownloading, hold, patienceOf, type HoldDeps } from '../hold.ts';
import type { MigrationStep } from '../migration-step.ts';
import type { ModelSupply } from '../migration-ports.ts';

export interface DownloadDeps extends HoldDeps {
	readonly supply: ModelSupply;
}

/** Brings a model onto this device, verified. It stays after an undo: deleting it is the user's choice. */
export function downloadStep(deps: DownloadDeps): MigrationStep<'download'> {
	return {
		async do({ model }, run) {
			const { supply } = deps;
			if (await supply.isInstalled(model)) return;
			await hold(deps, patienceOf(run), againstDownloading);
			await supply.install(model, (done, total) => run.progress(done, total), run.signal);
		},

		async verify({ model, bytes }) {
			return (await deps.supply.isInstalled(model))
				? { done: true, result: { bytes } }
				: { done: false };
		},

		async undo() {
			// A verified model is in nobody's way.
		}
	};
}
