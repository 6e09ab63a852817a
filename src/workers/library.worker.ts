import { modelsOnServers } from '../lib/engines/remote/remote-models.ts';
import { remoteServerStore } from '../lib/engines/remote/remote-server.ts';
import { LibraryService } from '../lib/library/library-service.ts';
import { ModelLibraryManager } from '../lib/library/model-library-manager.ts';
import { BrowserConnectivity } from '../lib/platform/browser-connectivity.ts';
import { CacheBlobStore } from '../lib/platform/cache-blob-store.ts';
import { Database } from '../lib/platform/database.ts';
import { FetchRangeSource } from '../lib/platform/fetch-range-source.ts';
import { IdbRecordStore } from '../lib/platform/idb-record-store.ts';
import { SystemClock } from '../lib/platform/system-clock.ts';
import { WebLocks } from '../lib/platform/web-locks.ts';
import { WorkerHasherFactory } from '../lib/platform/worker-hasher.ts';
import { exposeService } from '../lib/wire/expose-service.ts';

const clock = new SystemClock();
const records = new IdbRecordStore(new Database());

void exposeService(
	new LibraryService(
		clock,
		({ catalog, baseUrl }) =>
			new ModelLibraryManager({
				...{ catalog, baseUrl, records, clock },
				elsewhere: async () => modelsOnServers(await records.list(remoteServerStore)),
				blobs: new CacheBlobStore(),
				ranges: new FetchRangeSource(),
				hashers: new WorkerHasherFactory(
					() =>
						new Worker(new URL('./hash.worker.ts', import.meta.url), {
							type: 'module',
							name: 'hash'
						})
				),
				locks: new WebLocks(),
				connectivity: new BrowserConnectivity()
			})
	)
);
