import { existsSync } from 'node:fs';
import { chromium } from 'playwright';

const systemBrowsers = [
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
	'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
	'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe'
];

/**
 * The browser that the tests run in: the one that Playwright has installed, else the system's.
 * @returns {string | null} the path of the executable, or null when there is none
 */
export function findBrowser() {
	const own = chromium.executablePath();
	if (own && existsSync(own)) return own;
	return systemBrowsers.find((path) => existsSync(path)) ?? null;
}
