import adapter from '@sveltejs/adapter-static';
import { buildVersion } from './scripts/build-version.mjs';
import { contentSecurityPolicy } from './scripts/content-security-policy.mjs';
import { listWorkerFiles } from './scripts/list-worker-files.mjs';

const pages = adapter({ fallback: '200.html' });

/** @type {import('@sveltejs/kit').Config} */
const config = {
	compilerOptions: { runes: true },
	kit: {
		adapter: {
			...pages,
			async adapt(builder) {
				await pages.adapt(builder);
				listWorkerFiles('build');
			}
		},
		csp: { mode: 'hash', directives: contentSecurityPolicy },
		// The app registers its service worker itself, so that an update can be held back during an upgrade.
		serviceWorker: { register: false },
		// Reproducible builds, and no version polling: the app promises silence.
		// Read once for the whole build: a file that is saved meanwhile must not give its halves two names.
		version: { name: (process.env.SAM_BUILD_VERSION ??= buildVersion()), pollInterval: 0 },
		typescript: {
			// Scripts, tests and configuration are type-checked and linted like the rest; workers have a tsconfig of their own.
			config: (generated) => {
				const { include, exclude, ...rest } =
					/** @type {{ include: string[], exclude: string[] }} */ (generated);
				const tooling = ['../*.js', '../*.ts', '../.dependency-cruiser.mjs', '../scripts/**/*'];
				return {
					...rest,
					include: [...include, ...tooling],
					exclude: [...exclude, '../src/workers/**']
				};
			}
		}
	}
};

export default config;
