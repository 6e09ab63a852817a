import { join } from 'node:path';
import { playwright } from '@vitest/browser-playwright';
import sirv from 'sirv';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { chromiumFlags } from '../../scripts/chromium-flags.mjs';
import { crossOriginIsolation } from '../../scripts/cross-origin-isolation.mjs';
import { findBrowser } from '../../scripts/find-browser.mjs';
import { modelFolder, modelPath, realModel } from './model-under-test.ts';

const executablePath = findBrowser();
// Without the flag that chooses the software adapter, WebGPU finds the machine's own.
const args = process.env.TRANSFORMERS_TEST_GPU
	? chromiumFlags.filter((flag) => !flag.includes('swiftshader'))
	: chromiumFlags;

const serveModel: Plugin = {
	name: 'serve-model-under-test',
	configureServer({ middlewares }) {
		if (modelFolder) middlewares.use(modelPath, sirv(modelFolder, { dev: true }));
	}
};

/** One run with a model of yours, which is no part of this repository. See docs/testing.md. */
export default defineConfig({
	root: join(import.meta.dirname, '..', '..'),
	plugins: [serveModel],
	worker: { format: 'es' },
	server: { headers: crossOriginIsolation },
	optimizeDeps: { include: ['@huggingface/transformers'] },
	test: {
		include: ['tests/transformers/*.browser-run.ts'],
		testTimeout: 900_000,
		hookTimeout: 900_000,
		browser: {
			enabled: true,
			headless: true,
			screenshotFailures: false,
			commands: { realModel: () => realModel() },
			provider: playwright({
				launchOptions: { args, ...(executablePath ? { executablePath } : {}) }
			}),
			instances: [{ browser: 'chromium' }]
		}
	}
});
