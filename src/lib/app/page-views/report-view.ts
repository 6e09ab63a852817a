import { pageView } from '../page-view.svelte.ts';
import { ReportView } from '../views/report-view.svelte.ts';

export const reportView = pageView(
	({ services: { parts, feed } }) => new ReportView({ records: parts.records, feed })
);
