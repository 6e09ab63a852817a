import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/**
 * Name of this build: the package's version and a digest of everything that the build is made of. The same sources
 * give the same name, other sources another, so that the service worker notices each change.
 * @returns {string} e.g. `0.1.0-1a2b3c4d`
 */
export function buildVersion() {
	const hash = createHash('sha256');
	for (const path of ['package.json', 'package-lock.json', 'svelte.config.js', 'vite.config.ts']) {
		hash.update(readFileSync(join(root, path)));
	}
	for (const folder of ['src', 'static']) {
		const files = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
		for (const file of files
			.filter((entry) => entry.isFile())
			.map((entry) => join(entry.parentPath, entry.name))
			.sort()) {
			hash.update(file.slice(root.length).replaceAll('\\', '/'));
			hash.update(readFileSync(file));
		}
	}
	/** @type {unknown} */
	const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
	const { version } = /** @type {{ version: string }} */ (manifest);
	return `${version}-${hash.digest('hex').slice(0, 8)}`;
}
