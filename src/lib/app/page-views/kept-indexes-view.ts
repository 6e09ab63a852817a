import { IndexKeeper } from '../index-keeper.ts';
import { pageView } from '../page-view.svelte.ts';
import { KeptIndexes } from '../views/kept-indexes.svelte.ts';

export const keptIndexesView = pageView(({ services }) => {
	const { parts, feed } = services;
	const keeper = new IndexKeeper({ ...services, records: parts.records });
	return new KeptIndexes({ keeper, feed });
});
