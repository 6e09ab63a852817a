import { builtInEngines } from '../lib/engines/built-in-engines.ts';
import { EngineRegistry } from '../lib/engines/engine-registry.ts';
import { EngineService } from '../lib/engines/engine-service.ts';
import { ModelStore } from '../lib/library/store/model-store.ts';
import { CacheBlobStore } from '../lib/platform/cache-blob-store.ts';
import { Database } from '../lib/platform/database.ts';
import { IdbRecordStore } from '../lib/platform/idb-record-store.ts';
import { exposeService } from '../lib/wire/expose-service.ts';

const models = new ModelStore({
	records: new IdbRecordStore(new Database()),
	blobs: new CacheBlobStore()
});

void exposeService(
	new EngineService({
		registry: new EngineRegistry(builtInEngines),
		openModel: (id) => models.files(id)
	})
);
