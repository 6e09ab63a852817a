import { builtInEngines } from '../lib/engines/built-in-engines.ts';
import { EngineRegistry } from '../lib/engines/engine-registry.ts';
import { EngineService } from '../lib/engines/engine-service.ts';
import { remoteEngine } from '../lib/engines/remote/remote-engine-definition.ts';
import { remoteServerStore } from '../lib/engines/remote/remote-server.ts';
import { ModelStore } from '../lib/library/store/model-store.ts';
import { CacheBlobStore } from '../lib/platform/cache-blob-store.ts';
import { Database } from '../lib/platform/database.ts';
import { FetchHttpClient } from '../lib/platform/fetch-http-client.ts';
import { IdbRecordStore } from '../lib/platform/idb-record-store.ts';
import { SystemClock } from '../lib/platform/system-clock.ts';
import { exposeService } from '../lib/wire/expose-service.ts';

const records = new IdbRecordStore(new Database());
const models = new ModelStore({ records, blobs: new CacheBlobStore() });
const remote = remoteEngine({
	http: new FetchHttpClient(self.location.origin),
	server: (id) => records.get(remoteServerStore, id)
});

void exposeService(
	new EngineService({
		registry: new EngineRegistry([...builtInEngines, remote]),
		openModel: (id) => models.files(id),
		// Most loads are without adapters, and do without this code.
		adapt: async (spec, files, adapters, signal) => {
			const [{ adaptModel }, { Sha256HasherFactory }] = await Promise.all([
				import('../lib/adapters/adapt-model.ts'),
				import('../lib/platform/sha256-hasher.ts')
			]);
			const parts = { records, clock: new SystemClock(), hashers: new Sha256HasherFactory() };
			return adaptModel(parts, { spec, files }, adapters, signal);
		}
	})
);
