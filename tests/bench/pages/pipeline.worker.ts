import { CacheBlobStore } from '../../../src/lib/platform/cache-blob-store.ts';
import type { HashAnswer } from '../../../src/lib/platform/hash-message.ts';
import { Sha256HasherFactory } from '../../../src/lib/platform/sha256-hasher.ts';
import { WorkerHasherFactory } from '../../../src/lib/platform/worker-hasher.ts';
import { answerWithTime } from './answer-with-time.ts';
import { runPipeline, type PipelineParts, type PipelineSettings } from './pipeline.ts';

const name = 'bench-pipeline';

answerWithTime(
	async (settings: PipelineSettings) =>
		runPipeline(settings, { blobs: new CacheBlobStore(name), ...(await hashers(settings)) }),
	() => caches.delete(name)
);

function spawnHasher(): Worker {
	return new Worker(new URL('../../../src/workers/hash.worker.ts', import.meta.url), {
		type: 'module'
	});
}

async function hashers({
	fileHash
}: PipelineSettings): Promise<Pick<PipelineParts, 'hasher' | 'transfer'>> {
	switch (fileHash) {
		case 'none':
			return { hasher: null, transfer: null };
		case 'here':
			return { hasher: await new Sha256HasherFactory().create(), transfer: null };
		case 'worker-copy':
			return { hasher: await new WorkerHasherFactory(spawnHasher).create(), transfer: null };
		case 'worker-transfer':
			return { hasher: null, transfer: transferring(spawnHasher()) };
	}
}

/** Whole parts cross over and come back without a copy. */
function transferring(worker: Worker): NonNullable<PipelineParts['transfer']> {
	let id = 0;
	const waiting = new Map<number, (buffer: ArrayBuffer) => void>();
	worker.onmessage = ({ data }: MessageEvent<HashAnswer>) => {
		if ('value' in data) waiting.get(data.id)?.(data.value as ArrayBuffer);
	};
	worker.postMessage({ id: ++id, call: { call: 'create', hasher: 1 } });
	return (part) =>
		new Promise((resolve) => {
			const { buffer, length } = part;
			waiting.set(++id, (back) => resolve(new Uint8Array(back)));
			worker.postMessage({ id, call: { call: 'update', hasher: 1, buffer, length } }, [buffer]);
		});
}
