/**
 * `npm start`: installs what is missing, builds if the sources changed, serves, and opens the app.
 * Options: `--port N` (4173), `--no-open`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled } from './ensure-install.mjs';

ensureInstalled(import.meta.filename);

const { serve } = await import('./serve.mjs');
const root = join(import.meta.dirname, '..');
const portOption = process.argv.indexOf('--port');
const port = portOption > 0 ? Number(process.argv[portOption + 1]) : 4173;

if (buildIsStale()) {
	console.log('Building …');
	const built = spawnSync(
		process.execPath,
		['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'error'],
		{
			cwd: root,
			stdio: 'inherit'
		}
	);
	if (built.status !== 0) process.exit(built.status ?? 1);
}
const url = await serve({ port, roots: [join(root, 'build')] });
console.log(`SAM is at ${url} (Ctrl+C ends it)`);
if (!process.argv.includes('--no-open')) open(url);

/** True when any source is newer than the last build. */
function buildIsStale() {
	const index = join(root, 'build', 'index.html');
	if (!existsSync(index)) return true;
	const builtAt = statSync(index).mtimeMs;
	return ['src', 'static', 'package-lock.json', 'svelte.config.js', 'vite.config.ts'].some(
		(path) => newest(join(root, path)) > builtAt
	);
}

/**
 * @param {string} path
 * @returns {number} the newest modification below `path`, milliseconds
 */
function newest(path) {
	const stats = statSync(path);
	if (!stats.isDirectory()) return stats.mtimeMs;
	return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** @param {string} address */
function open(address) {
	const command =
		{ darwin: 'open', win32: 'start' }[/** @type {string} */ (process.platform)] ?? 'xdg-open';
	const opener = spawn(command, [address], {
		stdio: 'ignore',
		detached: true,
		shell: process.platform === 'win32'
	});
	// A machine without a desktop has no opener; the address above is enough.
	opener.on('error', () => undefined);
	opener.unref();
}
