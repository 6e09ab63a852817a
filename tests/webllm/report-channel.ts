/** What the worker of the test tells the page besides what an engine says. */
export type Report =
	| { readonly kind: 'fetch'; readonly url: string }
	| {
			readonly kind: 'batch';
			readonly lengths: readonly number[];
			/** Of the first vector, as the library makes it. */
			readonly norm: number;
			readonly ms: number;
	  };

const name = 'webllm-test-reports';

export function report(report: Report): void {
	const channel = new BroadcastChannel(name);
	channel.postMessage(report);
	channel.close();
}

/** All reports from now on, in a list that grows. */
export function collectReports(): {
	readonly reports: readonly Report[];
	readonly close: () => void;
} {
	const reports: Report[] = [];
	const channel = new BroadcastChannel(name);
	channel.onmessage = ({ data }: MessageEvent<Report>) => void reports.push(data);
	return { reports, close: () => channel.close() };
}
