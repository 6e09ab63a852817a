import { defineConfig } from '@playwright/test';

/** Two runs on one machine need two ports. */
const port = process.env.SAM_TEST_PORT ?? '4179';
const deep = process.env.SAM_DEEP === '1';

/** End-to-end tests run against the built app, with the generated models beside it. See docs/testing.md. */
export default defineConfig({
	// What takes minutes is run by `npm run test:deep` alone.
	testDir: deep ? 'tests/e2e/deep' : 'tests/e2e',
	testIgnore: deep ? [] : '**/deep/**',
	testMatch: '*.e2e.ts',
	// Each test has a browser profile of its own; two at once is what two cores bear.
	workers: 2,
	fullyParallel: true,
	// A machine that others use too may be ten times slower; no test asserts how long anything takes.
	timeout: 240_000,
	expect: { timeout: 40_000 },
	retries: 0,
	reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ? [['list'], ['json']] : [['list']],
	use: { baseURL: `http://localhost:${port}` },
	webServer: {
		command: 'node tests/e2e/serve-test-site.ts',
		url: `http://localhost:${port}/catalog.json`,
		reuseExistingServer: false,
		timeout: 60_000
	}
});
