/**
 * Holds the build against its budgets. Run it after `vite build`: `node scripts/check-bundle.mjs`.
 * It prints a table, and ends with 1 and a sentence for each budget that is exceeded.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative, resolve } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { isPrecached } from '../src/service-worker/precache-rule.ts';

const budgets = { firstLoad: 120_000, precache: 1_500_000 };
/** What the service worker reads or is, and does not keep. */
const neverKept = new Set(['service-worker.js', '200.html', 'worker-files.json']);
/** Words that stand in the code of the engines' libraries and nowhere in ours. */
const engineCode = /onnxruntime|MLCEngine|AutoModelForCausalLM|ort-wasm/;

/**
 * @typedef {{ name: string, bytes: number, limit: number | null }} Row `bytes` after brotli, but for what is fetched on demand
 * @typedef {{ rows: Row[], heaviest: Row[], problems: string[] }} BundleReport
 */

/**
 * @param {string} root folder that holds `build/` and `.svelte-kit/`
 * @returns {BundleReport}
 */
export function checkBundle(root) {
	const build = join(root, 'build');
	const built = filesBelow(build);
	const firstLoad = firstLoadFiles(root);
	const precached = built.filter((path) => !neverKept.has(path) && isPrecached(path));
	const onDemand = built.filter((path) => !isPrecached(path));
	// What comes on demand has no budget, and compressing tens of megabytes would take minutes.
	const sizes = new Map(
		built.map((path) => [
			path,
			onDemand.includes(path) ? statSync(join(build, path)).size : brotliBytes(join(build, path))
		])
	);
	const sum = (/** @type {string[]} */ paths) =>
		paths.reduce((total, path) => total + (sizes.get(path) ?? 0), 0);

	const rows = [
		{ name: 'First load, JS and CSS', bytes: sum(firstLoad), limit: budgets.firstLoad },
		{ name: 'Precache', bytes: sum(precached), limit: budgets.precache },
		{ name: 'Service worker', bytes: sum(['service-worker.js']), limit: null },
		{ name: 'Fetched on demand, as it is', bytes: sum(onDemand), limit: null }
	];
	const problems = rows
		.filter(({ bytes, limit }) => limit !== null && bytes > limit)
		.map(
			({ name, bytes, limit }) =>
				`${name} is ${kilobytes(bytes)} after brotli; the budget is ${kilobytes(limit ?? 0)}.`
		);
	for (const path of built.filter(isPageScript)) {
		const match = engineCode.exec(readFileSync(join(build, path), 'utf8'));
		if (match) {
			problems.push(`${path} runs in the page and contains engine code ("${match[0]}").`);
		}
	}
	const heaviest = precached
		.map((name) => ({ name, bytes: sizes.get(name) ?? 0, limit: null }))
		.sort((a, b) => b.bytes - a.bytes)
		.slice(0, 5);
	return { rows, heaviest, problems };
}

/** What the browser fetches before the start page works: its preloaded scripts and the styles that belong to them. */
function firstLoadFiles(/** @type {string} */ root) {
	const html = readFileSync(join(root, 'build', 'index.html'), 'utf8');
	const linked = [...html.matchAll(/<link href="\.\/([^"]+)" rel="(?:modulepreload|stylesheet)"/g)];
	const scripts = linked.map(([, path]) => path ?? '');
	const manifestPath = join(root, '.svelte-kit', 'output', 'client', '.vite', 'manifest.json');
	/** @type {unknown} */
	const json = JSON.parse(readFileSync(manifestPath, 'utf8'));
	const manifest = /** @type {Record<string, { file: string, css?: string[] }>} */ (json);
	const styles = Object.values(manifest)
		.filter(({ file }) => scripts.includes(file))
		.flatMap(({ css }) => css ?? []);
	return [...new Set([...scripts, ...styles])];
}

/** Scripts of the pages, as opposed to those of workers. */
function isPageScript(/** @type {string} */ path) {
	return (
		path.startsWith('_app/immutable/') && !path.includes('/workers/') && extname(path) === '.js'
	);
}

/** Paths of all files below a folder, relative to it, with forward slashes. */
function filesBelow(/** @type {string} */ folder) {
	return readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.map((path) => relative(folder, join(folder, path)).replaceAll('\\', '/'))
		.filter((path) => statSync(join(folder, path)).isFile());
}

function brotliBytes(/** @type {string} */ path) {
	return brotliCompressSync(readFileSync(path)).byteLength;
}

function kilobytes(/** @type {number} */ bytes) {
	return `${(bytes / 1000).toFixed(1)} KB`;
}

if (process.argv[1] && resolve(process.argv[1]) === import.meta.filename) {
	const { rows, heaviest, problems } = checkBundle(join(import.meta.dirname, '..'));
	for (const { name, bytes, limit } of rows) {
		const budget = limit === null ? '' : ` of ${kilobytes(limit)}`;
		console.log(`${name.padEnd(26)} ${kilobytes(bytes).padStart(10)}${budget}`);
	}
	console.log('Heaviest in the precache:');
	for (const { name, bytes } of heaviest)
		console.log(`  ${kilobytes(bytes).padStart(10)}  ${name}`);
	for (const problem of problems) console.error(problem);
	process.exitCode = problems.length > 0 ? 1 : 0;
}
