import { sveltekit } from '@sveltejs/kit/vite';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { findBrowser } from './scripts/find-browser.mjs';
import { chromiumFlags } from './scripts/chromium-flags.mjs';
import { nameWorkerChunks } from './scripts/name-worker-chunks.mjs';
import { crossOriginIsolation } from './scripts/cross-origin-isolation.mjs';

const browser = findBrowser();

export default defineConfig({
	plugins: [sveltekit(), nameWorkerChunks()],
	worker: { format: 'es' },
	// Found up front, so that the browser tests are not reloaded in the middle of the first run.
	optimizeDeps: {
		include: [
			'@huggingface/transformers',
			'bits-ui',
			'comlink',
			'htmlparser2',
			'idb',
			'marked',
			'minisearch',
			'pdfjs-dist/legacy/build/pdf.mjs',
			'svelteplot',
			'voy-search/voy_search_bg.js',
			'workbox-window'
		],
		// One small module for each icon: they need no bundling, and each new one would mean a reload.
		exclude: ['@lucide/svelte']
	},
	server: { headers: crossOriginIsolation },
	build: { target: 'es2023' },
	test: {
		expect: { requireAssertions: true },
		projects: [
			{
				extends: true,
				test: {
					name: 'node',
					environment: 'node',
					// One file after another in the same process: most of the time went into reading the code anew for each.
					isolate: false,
					unstubGlobals: true,
					// By default one core is left idle, which is half of them on a small machine.
					maxWorkers: '100%',
					include: ['src/**/*.test.ts', 'tests/**/*.test.ts', 'scripts/**/*.test.ts'],
					// Only to end what hangs: the machine may be busy with something else.
					testTimeout: 60_000,
					exclude: ['**/*.browser.test.ts', '**/*.svelte.test.ts', '**/*.deep.test.ts']
				}
			},
			{
				extends: true,
				test: {
					name: 'browser',
					include: ['src/**/*.browser.test.ts', 'src/**/*.svelte.test.ts'],
					testTimeout: 60_000,
					browser: {
						enabled: true,
						headless: true,
						screenshotFailures: false,
						provider: playwright({
							launchOptions: {
								args: chromiumFlags,
								...(browser ? { executablePath: browser } : {})
							}
						}),
						instances: [{ browser: 'chromium' }]
					}
				}
			}
		]
	}
});
