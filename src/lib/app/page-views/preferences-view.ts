import { pageView } from '../page-view.svelte.ts';
import { PreferencesView } from '../views/preferences-view.svelte.ts';

export const preferencesView = pageView(
	({ services: { parts, feed, adapters }, view }) =>
		new PreferencesView({
			...{ records: parts.records, clock: parts.clock, feed },
			leads: () => view.role === 'leading',
			basesOf: async (engines) => {
				const { basesOf } = await import('../bases-of.ts');
				const { identityOf } = await adapters();
				return basesOf({ records: parts.records, identityOf }, engines);
			}
		})
);
