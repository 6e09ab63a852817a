import { join } from 'node:path';
import { defineConfig } from 'vite';

/** Builds the pages of the benches as the app is built, into `.cache/bench`. */
export default defineConfig({
	root: join(import.meta.dirname, 'pages'),
	logLevel: 'error',
	worker: { format: 'es' },
	build: {
		target: 'es2023',
		outDir: join(import.meta.dirname, '..', '..', '.cache', 'bench'),
		emptyOutDir: true
	}
});
