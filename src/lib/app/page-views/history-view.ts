import { pageView } from '../page-view.svelte.ts';
import { HistoryView } from '../views/history-view.svelte.ts';

export const historyView = pageView(
	({ services: { parts, journal, feed } }) =>
		new HistoryView({ journal, records: parts.records, feed })
);
