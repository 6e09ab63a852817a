import { describe, expect, onTestFinished, test } from 'vitest';
import type { ModelId } from '../core/ids.ts';
import { SystemClock } from '../platform/system-clock.ts';
import { describeModelEngine } from '../testing/contracts/model-engine.ts';
import { WorkerHost } from '../wire/worker-host.ts';
import { EngineClient } from './engine-client.ts';
import { noFiles } from './no-files.ts';
import { starterInfo } from './starter/starter-info.ts';
import { starterModels } from './starter/starter-models.ts';
import { transformersInfo } from './transformers/transformers-info.ts';

const clock = new SystemClock();
const sleep = (ms: number, signal: AbortSignal) => clock.sleep(ms, signal);

/** The client over the worker that ships. */
function makeClient(info = starterInfo): EngineClient {
	const spawn = () =>
		new Worker(new URL('../../workers/engine.worker.ts', import.meta.url), { type: 'module' });
	return new EngineClient({
		info,
		spawn: () => new WorkerHost({ name: 'engine', spawn, readyTimeoutMs: 30_000, sleep }),
		sleep
	});
}

for (const spec of starterModels) {
	describeModelEngine(`EngineClient with ${spec.name} in the engine worker`, async () => ({
		engine: makeClient(),
		request: { spec, files: noFiles, device: 'auto' }
	}));
}

describe('the engine worker', () => {
	test('refuses a model whose files are not in the library', async () => {
		const client = makeClient(transformersInfo);
		onTestFinished(() => client.unload());
		const spec = {
			...starterModels[0]!,
			id: 'absent' as ModelId,
			engine: 'transformers',
			files: [{ path: 'config.json', url: '', bytes: 1, sha256: '' as never }]
		};
		const { signal } = new AbortController();
		await expect(
			client.load({ spec, files: noFiles, device: 'wasm' }, { signal })
		).rejects.toMatchObject({ code: 'library/not-installed', details: { model: 'absent' } });
	});
});
