import { EngineClient } from '../../../src/lib/engines/engine-client.ts';
import { engineInfo } from '../../../src/lib/engines/engine-infos.ts';
import type { EngineService } from '../../../src/lib/engines/engine-service.ts';
import { SystemClock } from '../../../src/lib/platform/system-clock.ts';
import { WorkerHost } from '../../../src/lib/wire/worker-host.ts';

const clock = new SystemClock();
const sleep = (ms: number, signal: AbortSignal): Promise<void> => clock.sleep(ms, signal);

/** The app's own engine of that kind, in the app's own worker, over its own wire, from its own store. */
export function engineInWorker(kind: string): EngineClient {
	return new EngineClient({
		info: engineInfo(kind),
		spawn: () =>
			new WorkerHost<EngineService>({
				name: 'engine',
				spawn: () =>
					new Worker(new URL('../../../src/workers/engine.worker.ts', import.meta.url), {
						type: 'module'
					}),
				readyTimeoutMs: 30_000,
				sleep
			}),
		sleep
	});
}
