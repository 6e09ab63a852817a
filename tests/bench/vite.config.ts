import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

/** Builds the pages of the benches as the app is built, into `.cache/bench`. */
export default defineConfig({
	root: join(import.meta.dirname, 'pages'),
	logLevel: 'error',
	// The app's views are runes.
	plugins: [svelte({ configFile: false })],
	worker: { format: 'es' },
	build: {
		target: 'es2023',
		outDir: join(import.meta.dirname, '..', '..', '.cache', 'bench'),
		emptyOutDir: true
	}
});
