/** True for what only workers import or load; SvelteKit does not count it among the files of the build. */
export function isWorkerFile(url: string): boolean {
	return /\/workers\/(chunks|assets)\//.test(url);
}
