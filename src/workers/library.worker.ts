import { LibraryService } from '../lib/library/library-service.ts';
import { ModelLibraryManager } from '../lib/library/model-library-manager.ts';
import { CacheBlobStore } from '../lib/platform/cache-blob-store.ts';
import { Database } from '../lib/platform/database.ts';
import { FetchRangeSource } from '../lib/platform/fetch-range-source.ts';
import { IdbRecordStore } from '../lib/platform/idb-record-store.ts';
import { Sha256HasherFactory } from '../lib/platform/sha256-hasher.ts';
import { SystemClock } from '../lib/platform/system-clock.ts';
import { WebLocks } from '../lib/platform/web-locks.ts';
import { exposeService } from '../lib/wire/expose-service.ts';

const clock = new SystemClock();

void exposeService(
	new LibraryService(
		clock,
		({ catalog, baseUrl }) =>
			new ModelLibraryManager({
				catalog,
				baseUrl,
				records: new IdbRecordStore(new Database()),
				blobs: new CacheBlobStore(),
				ranges: new FetchRangeSource(),
				hashers: new Sha256HasherFactory(),
				locks: new WebLocks(),
				clock
			})
	)
);
