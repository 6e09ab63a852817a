import { engineKinds } from '../../engines/engine-infos.ts';
import { pageView } from '../page-view.svelte.ts';
import { EnginesView } from '../views/engines-view.svelte.ts';

export const enginesView = pageView(({ services, offers, upgrade }) => {
	const { library, setup, feed, meter, parts } = services;
	const engines = new EnginesView({
		...{ offers, library, setup, feed, engineKinds },
		meter: {
			measure: async (spec, signal, onPhase) => (await meter()).measure(spec, signal, onPhase),
			latest: async () => (await meter()).latest()
		},
		estimate: () => parts.blobs.estimate(),
		upgradingTo: () => upgrade.target
	});
	parts.connectivity.onChange(() => void engines.refresh());
	return engines;
});
