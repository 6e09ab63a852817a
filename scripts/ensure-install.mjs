import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const stamp = join(root, 'node_modules', '.installed-lockfile');
/** Node 24 comes as a dependency, so that everything after the installation runs on it, whatever the machine has. */
const bundledNode = join(
	root,
	'node_modules',
	'node',
	'bin',
	process.platform === 'win32' ? 'node.exe' : 'node'
);

/**
 * Installs what the lockfile names, unless exactly that is installed already, and goes on with this same script on
 * the Node that came with it. Returns only in that second process.
 * @param {string} script the path of the calling script
 * @returns {void}
 */
export function ensureInstalled(script) {
	const lock = createHash('sha256')
		.update(readFileSync(join(root, 'package-lock.json')))
		.digest('hex');
	const installed = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
	if (installed !== lock || !existsSync(bundledNode)) {
		console.log('Installing dependencies (npm ci) …');
		run(process.platform === 'win32' ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund']);
		writeFileSync(stamp, lock);
	}
	if (process.env.SAM_NODE === 'bundled') return;
	const bin = join(root, 'node_modules', '.bin');
	const separator = process.platform === 'win32' ? ';' : ':';
	const child = spawnSync(bundledNode, [script, ...process.argv.slice(2)], {
		cwd: root,
		stdio: 'inherit',
		env: {
			...process.env,
			SAM_NODE: 'bundled',
			PATH: [join(bundledNode, '..'), bin, process.env.PATH].join(separator)
		}
	});
	process.exit(child.status ?? 1);
}

/**
 * @param {string} command
 * @param {string[]} args
 */
function run(command, args) {
	const result = spawnSync(command, args, {
		cwd: root,
		stdio: 'inherit',
		shell: process.platform === 'win32'
	});
	if (result.status !== 0) {
		console.error(`"${command} ${args.join(' ')}" failed: see above.`);
		process.exit(result.status ?? 1);
	}
}
