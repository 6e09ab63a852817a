import { describe, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import { nextTask } from '../core/next-task.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { exposeService } from './expose-service.ts';
import { WorkerHost } from './worker-host.ts';
import type { WorkerLike } from './worker-session.ts';

const service = {
	double: (n: number): number => n * 2,
	fail: (): never => {
		throw new AppError('engine/busy');
	},
	hang: (): Promise<never> => new Promise(() => undefined),
	take: (port: MessagePort): void => port.postMessage('hello')
};

/** A worker in this thread: a channel whose other end runs the service. */
class PortWorker extends EventTarget implements WorkerLike {
	readonly #port: MessagePort;
	readonly inside: MessagePort;
	terminated = false;

	constructor() {
		super();
		const { port1, port2 } = new MessageChannel();
		this.#port = port1;
		this.inside = port2;
		port1.onmessage = ({ data }: MessageEvent<unknown>) =>
			this.dispatchEvent(new MessageEvent('message', { data }));
	}

	postMessage(message: unknown, transfer: Transferable[] = []): void {
		this.#port.postMessage(message, transfer);
	}

	terminate(): void {
		this.terminated = true;
		this.#port.close();
	}

	break(type: 'error' | 'messageerror', message?: string): void {
		this.dispatchEvent(Object.assign(new Event(type), { message }));
	}
}

function setUp(start: (worker: PortWorker) => unknown) {
	const clock = new ManualClock();
	const workers: PortWorker[] = [];
	const host = new WorkerHost<typeof service>({
		name: 'test',
		spawn: () => {
			const worker = new PortWorker();
			workers.push(worker);
			start(worker);
			return worker;
		},
		readyTimeoutMs: 5000,
		sleep: (ms, signal) => clock.sleep(ms, signal)
	});
	const deaths: string[] = [];
	host.onDeath((error) => deaths.push(error.code));
	return { clock, workers, host, deaths };
}

const serve = (worker: PortWorker) => exposeService(service, worker.inside);

describe('WorkerHost', () => {
	test('spawns one worker, when it is first needed', async () => {
		const { host, workers } = setUp(serve);
		expect(host.running).toBe(false);
		const [first, second] = await Promise.all([host.api(), host.api()]);
		expect(await first.double(2)).toBe(4);
		expect(await second.double(3)).toBe(6);
		expect(workers).toHaveLength(1);
		host.terminate();
	});

	test('rejects with the error that the service threw', async () => {
		const { host } = setUp(serve);
		const api = await host.api();
		await expect(api.fail()).rejects.toMatchObject({ code: 'engine/busy', remedy: 'wait' });
		host.terminate();
	});

	test('hands ports over', async () => {
		const { host } = setUp(serve);
		const { port1, port2 } = new MessageChannel();
		const heard = new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
		await (await host.api()).take(port2);
		expect(await heard).toBe('hello');
		port1.close();
		host.terminate();
	});

	test('rejects an argument that cannot cross as a bug', async () => {
		const { host } = setUp(serve);
		const api = await host.api();
		await expect(api.double((() => 1) as never)).rejects.toMatchObject({ code: 'bug' });
		host.terminate();
	});

	test('rejects calls under way when the worker breaks, and tells', async () => {
		const { host, workers, deaths } = setUp(serve);
		const api = await host.api();
		const call = api.hang();
		workers[0]!.break('error', 'out of memory');
		await expect(call).rejects.toMatchObject({
			code: 'wire/worker-died',
			details: { reason: 'out of memory' }
		});
		expect(workers[0]!.terminated).toBe(true);
		expect(deaths).toEqual(['wire/worker-died']);
		await expect(api.double(1)).rejects.toMatchObject({ code: 'wire/worker-died' });
	});

	test('spawns a new worker after a death', async () => {
		const { host, workers } = setUp(serve);
		await host.api();
		workers[0]!.break('messageerror');
		expect(host.running).toBe(false);
		expect(await (await host.api()).double(4)).toBe(8);
		expect(workers).toHaveLength(2);
		host.terminate();
	});

	test('terminates without calling it a death, and rejects what was under way', async () => {
		const { host, workers, deaths } = setUp(serve);
		const call = (await host.api()).hang();
		host.terminate(new AppError('cancelled'));
		await expect(call).rejects.toMatchObject({ code: 'cancelled' });
		expect(workers[0]!.terminated).toBe(true);
		expect(deaths).toEqual([]);
		expect(await (await host.api()).double(1)).toBe(2);
		host.terminate();
	});

	test('gives up on a worker that is not ready in time', async () => {
		const { host, clock, workers } = setUp(() => undefined);
		const api = host.api();
		const outcome = expect(api).rejects.toMatchObject({
			code: 'wire/timeout',
			details: { seconds: 5 }
		});
		await clock.advance(5000);
		await outcome;
		expect(workers[0]!.terminated).toBe(true);
		expect(host.running).toBe(false);
	});

	test('counts no time once the worker is ready', async () => {
		const { host, clock } = setUp(serve);
		const api = await host.api();
		await nextTask();
		expect(clock.sleeping).toBe(0);
		await clock.advance(10_000);
		expect(await api.double(1)).toBe(2);
		host.terminate();
	});

	test('hears why the service could not be built', async () => {
		const broken = Promise.reject(new AppError('storage/version-newer'));
		const { host } = setUp((worker) => exposeService(broken, worker.inside));
		await expect(host.api()).rejects.toMatchObject({ code: 'storage/version-newer' });
		expect(host.running).toBe(false);
	});

	test('tells a listener that has left nothing more', async () => {
		const { host, workers } = setUp(serve);
		const told: string[] = [];
		host.onDeath((error) => told.push(error.code))();
		await host.api();
		workers[0]!.break('error');
		expect(told).toEqual([]);
	});
});
