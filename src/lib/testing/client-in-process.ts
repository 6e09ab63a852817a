import { onTestFinished } from 'vitest';
import { EngineClient, type SilenceLimits } from '../engines/engine-client.ts';
import type { EngineInfo } from '../engines/engine-contract.ts';
import type { EngineService } from '../engines/engine-service.ts';
import type { Clock } from '../ports/clock.ts';
import { WorkerHost } from '../wire/worker-host.ts';
import { InProcessWorker } from './in-process-worker.ts';

interface Options {
	readonly info: EngineInfo;
	/** What runs in the next worker. */
	readonly service: () => EngineService;
	readonly clock: Pick<Clock, 'sleep'>;
	readonly silence?: Partial<SilenceLimits>;
}

/** An engine's client with all of its workers, which are in this thread. It is unloaded when the test ends. */
export function clientInProcess({ info, service, clock, silence = {} }: Options): {
	readonly client: EngineClient;
	readonly workers: readonly InProcessWorker[];
} {
	const workers: InProcessWorker[] = [];
	const spawn = (): InProcessWorker => {
		const worker = new InProcessWorker(service());
		workers.push(worker);
		return worker;
	};
	const sleep = (ms: number, signal: AbortSignal): Promise<void> => clock.sleep(ms, signal);
	const client = new EngineClient({
		info,
		spawn: () => new WorkerHost({ name: 'engine', spawn, readyTimeoutMs: 10_000, sleep }),
		sleep,
		silence
	});
	onTestFinished(() => client.unload());
	return { client, workers };
}
