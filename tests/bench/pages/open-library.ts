import type { CatalogEntry } from '../../../src/lib/library/catalog/catalog-entry.ts';
import { LibraryClient } from '../../../src/lib/library/library-client.ts';
import type { LibraryService } from '../../../src/lib/library/library-service.ts';
import { SystemClock } from '../../../src/lib/platform/system-clock.ts';
import { WorkerHost } from '../../../src/lib/wire/worker-host.ts';

const clock = new SystemClock();

/** The app's own library, in its worker, with these models on offer. */
export function openLibrary(catalog: readonly CatalogEntry[]): LibraryClient {
	const host = new WorkerHost<LibraryService>({
		name: 'library',
		spawn: () =>
			new Worker(new URL('../../../src/workers/library.worker.ts', import.meta.url), {
				type: 'module'
			}),
		readyTimeoutMs: 10_000,
		sleep: (ms, signal) => clock.sleep(ms, signal)
	});
	const persist = () => Promise.resolve();
	return new LibraryClient({ host, catalog, baseUrl: location.href, persist });
}
