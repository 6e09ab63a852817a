/**
 * `npm test`: everything that must hold, in one command, closed by one line: `N passed, N failed, N skipped`.
 * `--deep` makes the crash suites exhaustive where they sample, and kills real browsers (many minutes longer); `--only name,name` runs some of the parts (see the table below).
 */
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled } from './ensure-install.mjs';

ensureInstalled(import.meta.filename);
const { provideBrowser } = await import('./provide-browser.mjs');
const { readReport } = await import('./read-report.mjs');

const root = join(import.meta.dirname, '..');
const reports = join(root, '.cache', 'reports');
const deep = process.argv.includes('--deep');
const onlyAt = process.argv.indexOf('--only');
const only = onlyAt > 0 ? String(process.argv[onlyAt + 1]).split(',') : null;

/**
 * A part of the run. With `report` it is a test suite that leaves a JSON report; without, it counts as one test.
 * @typedef {{ name: string, command: string, report?: 'vitest' | 'playwright', env?: Record<string, string>, group: number, lane?: string }} Part
 */

/** @type {(project: string) => Part} */
const vitest = (project) => ({
	name: project,
	command: `vitest run --project ${project} --reporter=default --reporter=json --outputFile.json=.cache/reports/${project}.json`,
	report: 'vitest',
	group: 2
});
const checks = { group: 1, lane: 'checks' };

/**
 * Parts of one group run beside each other, those of one lane in turn. The checks have a core to themselves, while the
 * tests in the browser, which mostly wait for it, have the other; what has use for all cores runs alone.
 * @type {Part[]}
 */
const parts = [
	{ name: 'sync', command: 'svelte-kit sync', group: 0 },
	{
		name: 'types',
		command:
			'svelte-check --tsconfig ./tsconfig.json --fail-on-warnings && tsc -p src/workers/tsconfig.json && tsc -p src/service-worker/tsconfig.json',
		...checks
	},
	{ name: 'lint', command: 'eslint . --max-warnings 0', ...checks },
	{ name: 'format', command: 'prettier --check . --log-level warn', ...checks },
	{
		name: 'imports',
		command: 'depcruise src --config .dependency-cruiser.mjs --output-type err',
		...checks
	},
	{ name: 'dead code', command: 'knip', ...checks },
	{ ...vitest('browser'), group: 1 },
	{ ...vitest('node'), env: deep ? { SAM_DEEP: '1' } : {} },
	{ name: 'build', command: 'vite build --logLevel warn', group: 3 },
	{ name: 'bundle', command: 'node scripts/check-bundle.mjs', group: 4 },
	{
		name: 'e2e',
		command: 'playwright test',
		report: 'playwright',
		env: { PLAYWRIGHT_JSON_OUTPUT_NAME: join(reports, 'e2e.json'), SAM_DEEP: '' },
		group: 5
	}
];
if (deep) {
	parts.push({
		name: 'e2e-deep',
		command: 'playwright test',
		report: 'playwright',
		env: { PLAYWRIGHT_JSON_OUTPUT_NAME: join(reports, 'e2e-deep.json'), SAM_DEEP: '1' },
		group: 6
	});
}

const browser = provideBrowser();
console.log(`Browser for the tests: ${browser}`);
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

const total = { passed: 0, failed: 0, skipped: 0 };
/** @type {string[]} */
const failures = [];
const chosen = parts.filter((part) => !only || only.includes(part.name));
for (const group of [...new Set(chosen.map((part) => part.group))]) {
	const lanes = Map.groupBy(
		chosen.filter((part) => part.group === group),
		({ name, lane }) => lane ?? name
	);
	await Promise.all([...lanes.values()].map(runLane));
}
if (failures.length > 0) console.log(`Failed: ${failures.join(', ')}`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed > 0 ? 1 : 0);

/** @param {Part[]} lane */
async function runLane(lane) {
	for (const part of lane) await runPart(part);
}

/** @param {Part} part */
async function runPart(part) {
	const start = Date.now();
	const { status, output } = await runShell(part);
	const counts = part.report
		? readReport(part.report, join(reports, `${part.name}.json`))
		: { passed: 0, failed: 0, skipped: 0 };
	// A suite that ended badly without a failed test (or without any) has failed as a whole.
	const ranNothing = part.report !== undefined && counts.passed + counts.failed === 0;
	if (!part.report && status === 0) counts.passed = 1;
	if ((status !== 0 && counts.failed === 0) || ranNothing) counts.failed += 1;
	total.passed += counts.passed;
	total.failed += counts.failed;
	total.skipped += counts.skipped;
	if (counts.failed > 0) failures.push(part.name);
	const seconds = ((Date.now() - start) / 1000).toFixed(0);
	console.log(`\n=== ${part.name}: ${counts.failed > 0 ? 'FAILED' : 'ok'} (${seconds} s)`);
	if (output && (part.report || counts.failed > 0)) console.log(output);
}

/**
 * @param {Part} part
 * @returns {Promise<{ status: number, output: string }>}
 */
function runShell(part) {
	return new Promise((resolve) => {
		const child = spawn(part.command, {
			cwd: root,
			shell: true,
			stdio: ['ignore', 'pipe', 'pipe'],
			env: { ...process.env, ...part.env, FORCE_COLOR: '0' }
		});
		let output = '';
		child.stdout.on('data', (chunk) => (output += String(chunk)));
		child.stderr.on('data', (chunk) => (output += String(chunk)));
		child.on('close', (code) => resolve({ status: code ?? 1, output: output.trim() }));
	});
}
