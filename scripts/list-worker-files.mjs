import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folders = ['_app/immutable/workers/chunks', '_app/immutable/workers/assets'];

/**
 * Writes `worker-files.json`: what workers import or load. SvelteKit does not tell its service worker of these files,
 * so the service worker reads this list when it is installed.
 * @param {string} build the folder of the built app
 */
export function listWorkerFiles(build) {
	const files = folders
		.filter((folder) => existsSync(join(build, folder)))
		.flatMap((folder) => readdirSync(join(build, folder)).map((name) => `${folder}/${name}`));
	writeFileSync(join(build, 'worker-files.json'), JSON.stringify(files.sort()));
}
