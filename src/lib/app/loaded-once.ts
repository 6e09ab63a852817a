/**
 * Something that most visits do without: `load` fetches its code and makes it when it is first asked for. Everyone gets
 * the same one. Loading that failed is tried again by whoever asks next.
 */
export function loadedOnce<T>(load: () => Promise<T>): () => Promise<T> {
	let loading: Promise<T> | null = null;
	return () => {
		loading ??= load().catch((error: unknown) => {
			loading = null;
			throw error;
		});
		return loading;
	};
}
