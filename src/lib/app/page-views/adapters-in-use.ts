import { pageView } from '../page-view.svelte.ts';
import { AdaptersInUse } from '../views/adapters-in-use.svelte.ts';

export const adaptersInUse = pageView(
	({ services: { parts, setup, feed } }) =>
		new AdaptersInUse({ records: parts.records, setup, feed })
);
