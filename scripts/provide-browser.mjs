import { spawnSync } from 'node:child_process';
import { findBrowser } from './find-browser.mjs';

/**
 * A browser for the tests: the one that is there, else one that is installed now (Playwright's, or Debian's).
 * Ends the process with one sentence when none can be had.
 * @returns {string} the path of the executable
 */
export function provideBrowser() {
	const found = findBrowser();
	if (found) return found;
	const attempts = ['playwright install chromium', 'apt-get update', 'apt-get install -y chromium'];
	for (const command of attempts) {
		console.log(`No browser found; trying: ${command}`);
		spawnSync(command, { shell: true, stdio: 'inherit' });
		const installed = findBrowser();
		if (installed) return installed;
	}
	console.error('The tests need a browser: install Chromium or Chrome, then run npm test again.');
	process.exit(1);
}
