import { readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const folder = '_app/immutable/workers';

/**
 * Writes `worker-files.json`: workers, and what they import or load. SvelteKit tells its service worker only of those
 * workers that pages start, so the service worker reads this list when it is installed.
 * @param {string} build the folder of the built app
 */
export function listWorkerFiles(build) {
	const files = readdirSync(join(build, folder), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => relative(build, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
	writeFileSync(join(build, 'worker-files.json'), JSON.stringify(files.sort()));
}
