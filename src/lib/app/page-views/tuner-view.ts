import { adapterCheckStore } from '../../adapters/adapter-records.ts';
import { adapterSupport } from '../../adapters/adapter-support.ts';
import { Adapters } from '../adapters.ts';
import { loadedOnce } from '../loaded-once.ts';
import { pageView } from '../page-view.svelte.ts';
import { TryBeside } from '../try-beside.ts';
import { TunerView } from '../views/tuner-view.svelte.ts';

export const tunerView = pageView(({ services, upgrade }) => {
	const { parts, setup, directory, pool, gate, feed } = services;
	const upgrading = (): boolean => upgrade.working;
	const beside = new TryBeside({
		...{ bench: pool, busy: upgrading },
		whenIdle: (signal) => gate.whenIdle(signal)
	});
	return new TunerView({
		...{ clock: parts.clock, feed },
		adapters: loadedOnce(async () => {
			const work = await services.adapters();
			return new Adapters({
				...{ work, setup, beside, upgrading, feed },
				tester: work.shelf,
				supportOf: adapterSupport,
				spec: (choice) => directory.spec(choice),
				checkOf: (id, { id: model }) => parts.records.get(adapterCheckStore, [id, model])
			});
		})
	});
});
