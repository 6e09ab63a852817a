import { readFileSync } from 'node:fs';

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 * @typedef {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number }} VitestReport
 * @typedef {{ stats: { expected: number, flaky: number, unexpected: number, skipped: number } }} PlaywrightReport
 */

/**
 * How many tests a JSON report tells of.
 * @param {'vitest' | 'playwright'} kind
 * @param {string} path
 * @returns {Counts} zeros when there is no readable report
 */
export function readReport(kind, path) {
	try {
		/** @type {unknown} */
		const report = JSON.parse(readFileSync(path, 'utf8'));
		return kind === 'vitest'
			? fromVitest(/** @type {VitestReport} */ (report))
			: fromPlaywright(/** @type {PlaywrightReport} */ (report));
	} catch {
		return { passed: 0, failed: 0, skipped: 0 };
	}
}

/** @type {(report: VitestReport) => Counts} */
function fromVitest(report) {
	return {
		passed: report.numPassedTests,
		failed: report.numFailedTests,
		skipped: report.numPendingTests + report.numTodoTests
	};
}

/** @type {(report: PlaywrightReport) => Counts} */
function fromPlaywright({ stats }) {
	// A test that passed only when tried again has not passed.
	return {
		passed: stats.expected,
		failed: stats.unexpected + stats.flaky,
		skipped: stats.skipped
	};
}
