import { defineEngine } from '../../src/lib/engines/define-engine.ts';
import { EngineRegistry } from '../../src/lib/engines/engine-registry.ts';
import { EngineService } from '../../src/lib/engines/engine-service.ts';
import { createMlcEngine } from '../../src/lib/engines/webllm/create-mlc-engine.ts';
import type { CreateMlcEngine } from '../../src/lib/engines/webllm/mlc-engine.ts';
import { WebLlmEngine } from '../../src/lib/engines/webllm/web-llm-engine.ts';
import { webLlmInfo } from '../../src/lib/engines/webllm/web-llm-info.ts';
import { ModelStore } from '../../src/lib/library/store/model-store.ts';
import { CacheBlobStore } from '../../src/lib/platform/cache-blob-store.ts';
import { Database } from '../../src/lib/platform/database.ts';
import { IdbRecordStore } from '../../src/lib/platform/idb-record-store.ts';
import { exposeService } from '../../src/lib/wire/expose-service.ts';
import { report } from './report-channel.ts';
import { helpSoftwareGpu } from './software-gpu.ts';

/** The engine worker as it ships, but for one model library of any version, and with reports to the test. */

const models = new ModelStore({
	records: new IdbRecordStore(new Database({ name: 'webllm-test' })),
	blobs: new CacheBlobStore('webllm-test')
});

const realFetch = globalThis.fetch;
globalThis.fetch = (...request) => {
	report({
		kind: 'fetch',
		url: request[0] instanceof Request ? request[0].url : String(request[0])
	});
	return realFetch(...request);
};

/** The real runtime, telling the lengths of the texts of each batch and how long it took. */
const createEngine: CreateMlcEngine = async (setup) => {
	await helpSoftwareGpu();
	const made = await createMlcEngine(setup);
	const { embeddings } = made.engine;
	const create = embeddings.create.bind(embeddings);
	embeddings.create = async (request) => {
		const start = performance.now();
		const answer = await create(request);
		const lengths = request.input.map(({ length }) => length);
		const [first] = answer.data;
		const norm = Math.hypot(...(first?.embedding ?? []));
		report({ kind: 'batch', lengths, norm, ms: performance.now() - start });
		return answer;
	};
	return made;
};

void exposeService(
	new EngineService({
		registry: new EngineRegistry([
			defineEngine({
				info: webLlmInfo,
				make: () => Promise.resolve(new WebLlmEngine({ createEngine, abi: null }))
			})
		]),
		openModel: (id) => models.files(id)
	})
);
