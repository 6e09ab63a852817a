/** Notes the page's tasks of more than 50 ms, until `end`, which tells how long each of them took. */
export function watchLongTasks(): { end(): Promise<number[]> } {
	const found: number[] = [];
	const note = (entries: PerformanceEntryList): void =>
		void found.push(...entries.map(({ duration }) => duration));
	const observer = new PerformanceObserver((list) => note(list.getEntries()));
	observer.observe({ type: 'longtask' });
	return {
		async end() {
			// The task that is under way is told only when it is over.
			await new Promise((resolve) => setTimeout(resolve, 100));
			note(observer.takeRecords());
			observer.disconnect();
			return found;
		}
	};
}
