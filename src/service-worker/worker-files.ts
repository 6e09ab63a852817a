/**
 * Workers, and what they import or load, from the list that the build writes beside the app; empty where there is none, as while
 * developing. Errors: those of `fetch`, and of a list that is none.
 */
export async function workerFiles(
	scope: string,
	fetchFresh: (url: string) => Promise<Response>
): Promise<string[]> {
	const response = await fetchFresh(new URL('worker-files.json', scope).href);
	if (response.status === 404) return [];
	if (!response.ok) throw new Error(`The list of worker files: status ${response.status}`);
	const list = (await response.json()) as unknown;
	if (!Array.isArray(list) || !list.every((each) => typeof each === 'string')) {
		throw new Error('The list of worker files is none');
	}
	return list;
}
