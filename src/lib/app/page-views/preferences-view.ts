import { pageView } from '../page-view.svelte.ts';
import { PreferencesView } from '../views/preferences-view.svelte.ts';

export const preferencesView = pageView(
	({ services: { parts, feed }, view }) =>
		new PreferencesView({
			...{ records: parts.records, clock: parts.clock, feed },
			leads: () => view.role === 'leading'
		})
);
