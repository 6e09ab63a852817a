import { starterModels } from '../engines/starter/starter-models.ts';
import type { CatalogEntry } from '../library/catalog/catalog-entry.ts';
import { readCatalog } from '../library/catalog/read-catalog.ts';
import { builtInEntry } from '../library/entry-of.ts';
import { BroadcastTabChannel } from '../platform/broadcast-tab-channel.ts';
import { BrowserConnectivity } from '../platform/browser-connectivity.ts';
import { BrowserDeviceConditions } from '../platform/browser-device-conditions.ts';
import { CacheBlobStore } from '../platform/cache-blob-store.ts';
import { Database } from '../platform/database.ts';
import { FetchRangeSource } from '../platform/fetch-range-source.ts';
import { IdbRecordStore } from '../platform/idb-record-store.ts';
import { LocalSessionNotes } from '../platform/local-session-notes.ts';
import { AppUpdates } from '../platform/service-worker-registration.ts';
import { SystemClock } from '../platform/system-clock.ts';
import { WebGpuProbe } from '../platform/webgpu-probe.ts';
import { WebLocks } from '../platform/web-locks.ts';
import type { AppMessage } from './app-message.ts';
import { App } from './app.ts';
import { loadedOnce } from './loaded-once.ts';
import type { PlatformParts, WorkerName } from './platform-parts.ts';
import { createServices } from './services.ts';

/**
 * Builds the app from the real parts. `baseUrl` is where it lives, absolute, with a slash at its end; `build` names what
 * was built.
 */
export async function boot(baseUrl: string, build: string): Promise<App> {
	const parts = realParts(baseUrl, build);
	let catalogError: unknown = null;
	let catalog: CatalogEntry[];
	try {
		// The checker is no part of the first page.
		const { parseCatalog } = await import('../library/catalog/parse-catalog.ts');
		catalog = parseCatalog(await parts.readCatalog());
	} catch (error) {
		// What is here works without a catalog; only choosing something new does not.
		catalogError = error;
		catalog = starterModels.map(builtInEntry);
	}
	const app = new App(createServices(parts, catalog));
	if (catalogError) app.view.showError(catalogError);
	return app;
}

function realParts(baseUrl: string, build: string): PlatformParts {
	const database = new Database();
	const ranges = new FetchRangeSource();
	return {
		clock: new SystemClock(),
		locks: new WebLocks(),
		channel: new BroadcastTabChannel<AppMessage>('sam'),
		records: new IdbRecordStore(database),
		blobs: new CacheBlobStore(),
		gpu: new WebGpuProbe(),
		hashers: loadedOnce(async () => {
			const { WorkerHasherFactory } = await import('../platform/worker-hasher.ts');
			return new WorkerHasherFactory(() => spawn('hash'));
		}),
		connectivity: new BrowserConnectivity(),
		conditions: new BrowserDeviceConditions(),
		sessions: new LocalSessionNotes(),
		spawn,
		installation: new AppUpdates({ script: `${baseUrl}service-worker.js` }),
		build,
		onNewerStorage: (listener) => {
			database.onLoss((loss) => {
				if (loss === 'newer-version') listener();
			});
		},
		builtInModels: starterModels,
		baseUrl,
		readCatalog: () => readCatalog(ranges, `${baseUrl}catalog.json`),
		showAppearance: (appearance) => {
			document.documentElement.dataset.theme = appearance;
		}
	};
}

/**
 * Written out one by one: the build finds workers by these expressions, and the service worker keeps for offline use
 * what it finds. That is why the one for hashes, which the library's worker spawns, stands here too.
 */
function spawn(worker: WorkerName): Worker {
	switch (worker) {
		case 'engine':
			return new Worker(new URL('../../workers/engine.worker.ts', import.meta.url), {
				type: 'module',
				name: 'engine'
			});
		case 'knowledge':
			return new Worker(new URL('../../workers/knowledge.worker.ts', import.meta.url), {
				type: 'module',
				name: 'knowledge'
			});
		case 'library':
			return new Worker(new URL('../../workers/library.worker.ts', import.meta.url), {
				type: 'module',
				name: 'library'
			});
		case 'server':
			return new Worker(new URL('../../workers/server.worker.ts', import.meta.url), {
				type: 'module',
				name: 'server'
			});
		case 'hash':
			return new Worker(new URL('../../workers/hash.worker.ts', import.meta.url), {
				type: 'module',
				name: 'hash'
			});
	}
}
