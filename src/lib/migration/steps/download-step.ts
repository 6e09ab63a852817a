import type { Connectivity } from '../../ports/connectivity.ts';
import { againstDownloading, hold, patienceOf, type HoldDeps } from '../hold.ts';
import type { MigrationStep, StepRun } from '../migration-step.ts';
import type { ModelSupply } from '../migration-ports.ts';

export interface DownloadDeps extends HoldDeps {
	readonly supply: ModelSupply;
	/** Where nothing is told of the network, nobody hears that a download waits for it. */
	readonly connectivity?: Pick<Connectivity, 'online' | 'onChange'>;
}

/** Brings a model onto this device, verified. It stays after an undo: deleting it is the user's choice. */
export function downloadStep(deps: DownloadDeps): MigrationStep<'download'> {
	return {
		async do({ model }, run) {
			const { supply } = deps;
			if (await supply.isInstalled(model)) return;
			await hold(deps, patienceOf(run), againstDownloading);
			const told = tellOfTheNetwork(deps, run);
			try {
				await supply.install(model, (done, total) => run.progress(done, total), run.signal);
			} finally {
				told();
			}
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

/** The download waits for the network by itself: whoever looks at the upgrade hears why it stands still. */
function tellOfTheNetwork({ connectivity }: DownloadDeps, run: StepRun): () => void {
	if (!connectivity) return () => undefined;
	const tell = (): void => run.holding(connectivity.online ? null : 'Waiting for the network.');
	const stop = connectivity.onChange(tell);
	tell();
	return () => {
		stop();
		run.holding(null);
	};
}
