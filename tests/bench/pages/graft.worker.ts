import { adaptModel } from '../../../src/lib/adapters/adapt-model.ts';
import type { ModelFiles } from '../../../src/lib/adapters/model-files.ts';
import type { ModelSpec } from '../../../src/lib/core/model-spec.ts';
import type { AdapterUse } from '../../../src/lib/core/setup.ts';
import { ModelStore } from '../../../src/lib/library/store/model-store.ts';
import { CacheBlobStore } from '../../../src/lib/platform/cache-blob-store.ts';
import { Database } from '../../../src/lib/platform/database.ts';
import { IdbRecordStore } from '../../../src/lib/platform/idb-record-store.ts';
import { Sha256HasherFactory } from '../../../src/lib/platform/sha256-hasher.ts';
import { SystemClock } from '../../../src/lib/platform/system-clock.ts';
import { answerWithTime } from './answer-with-time.ts';

export interface GraftWork {
	readonly spec: ModelSpec;
	readonly adapter: AdapterUse;
	/** The weights as they are; only until the graft is planned; or planned, and then all that the runtime would read. */
	readonly way: 'plain' | 'planned' | 'grafted';
}

const records = new IdbRecordStore(new Database());
const parts = { records, clock: new SystemClock(), hashers: new Sha256HasherFactory() };
const models = new ModelStore({ records, blobs: new CacheBlobStore() });

answerWithTime(
	async ({ spec, adapter, way }: GraftWork) => {
		const files = await models.files(spec.id);
		if (way === 'plain') return readWeights(files);
		const { signal } = new AbortController();
		const adapted = await adaptModel(parts, { spec, files }, [adapter], signal);
		if (way === 'grafted') await readWeights(adapted.files);
	},
	() => Promise.resolve()
);

async function readWeights(files: ModelFiles): Promise<void> {
	for (const path of files.paths.filter((each) => /^onnx\/|\.bin$/.test(each))) {
		const file = await files.open(path);
		if (!file) throw new Error(`There is no ${path}.`);
		let bytes = 0;
		const count = new WritableStream<Uint8Array>({
			write: (piece) => void (bytes += piece.length)
		});
		await file.body.pipeTo(count);
		if (bytes !== file.bytes) throw new Error(`${path} has ${bytes} bytes, not ${file.bytes}.`);
	}
}
