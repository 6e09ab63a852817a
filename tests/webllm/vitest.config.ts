import { join } from 'node:path';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { chromiumFlags } from '../../scripts/chromium-flags.mjs';
import { findBrowser } from '../../scripts/find-browser.mjs';
import { closeHub, hubRequests, modelUnderTest } from './model-under-test.ts';

const executablePath = findBrowser();
const args = process.env.WEBLLM_TEST_GPU ? chromiumFlags.slice(0, -1) : chromiumFlags;

/** One run with a model library of yours, which is no part of this repository. See docs/testing.md. */
export default defineConfig({
	root: join(import.meta.dirname, '..', '..'),
	worker: { format: 'es' },
	optimizeDeps: { include: ['@mlc-ai/web-llm', 'comlink', 'idb', 'hash-wasm'] },
	test: {
		include: ['tests/webllm/*.browser-run.ts'],
		testTimeout: 900_000,
		browser: {
			enabled: true,
			headless: true,
			screenshotFailures: false,
			commands: {
				modelUnderTest: () => modelUnderTest(),
				hubRequests: () => hubRequests(),
				closeHub: () => closeHub()
			},
			provider: playwright({
				launchOptions: { args, ...(executablePath ? { executablePath } : {}) }
			}),
			instances: [{ browser: 'chromium' }]
		}
	}
});
