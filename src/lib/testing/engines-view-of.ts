import { EnginesView } from '../app/views/engines-view.svelte.ts';
import { OfferedModels } from '../app/views/offered-models.svelte.ts';
import type { AppMessage } from '../app/app-message.ts';
import { ChangeFeed } from '../app/change-feed.ts';
import type { FitVerdict } from '../engines/fit-contract.ts';
import type { Measurement } from '../engines/measurement.ts';
import type { FakeModelLibrary } from './fake-model-library.ts';
import { MemoryTabHub } from './memory-tab-channel.ts';

interface Answers {
	readonly fit?: FitVerdict;
	readonly measured?: Measurement;
}

/** The view of that library, read once, on a device with the Starter and the Transformers engine and room for 5 GB. */
export async function enginesViewOf(
	library: FakeModelLibrary,
	{ fit = { verdict: 'fits', reason: 'It is small.' }, measured }: Answers = {}
): Promise<EnginesView> {
	const estimate = async () => ({ usage: 1e9, quota: 6e9, persisted: true });
	const feed = new ChangeFeed(new MemoryTabHub<AppMessage>().join());
	const engineKinds = ['starter', 'transformers'];
	const offers = new OfferedModels({
		...{ library, estimate, feed, engineKinds },
		probe: async () => ({
			...{ gpu: null, wasmThreads: 1, crossOriginIsolated: false, memoryGb: null }
		}),
		fit: async () => () => fit
	});
	const engines = new EnginesView({
		...{ offers, library, estimate, feed, engineKinds },
		setup: { read: async () => undefined },
		upgradingTo: () => null,
		meter: {
			// Until it is stopped.
			measure: (_spec, signal, onPhase) =>
				new Promise((_, reject) => {
					onPhase('Loading');
					signal.addEventListener('abort', () => reject(new Error('stopped')));
				}),
			latest: async () => new Map(measured ? [[measured.model, measured]] : [])
		}
	});
	await engines.refresh();
	return engines;
}
