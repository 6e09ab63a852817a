import { afterEach, describe, expect, test } from 'vitest';
import { SystemClock } from '../platform/system-clock.ts';
import type { EchoApi } from '../testing/echo.worker.ts';
import { callLink } from './call-link.ts';
import { receiveStream } from './receive-stream.ts';
import { WorkerHost } from './worker-host.ts';

const clock = new SystemClock();
const spawnEcho = () =>
	new Worker(new URL('../testing/echo.worker.ts', import.meta.url), { type: 'module' });
let host = hostOf(spawnEcho);

function hostOf(spawn: () => Worker): WorkerHost<EchoApi> {
	return new WorkerHost<EchoApi>({
		name: 'echo',
		spawn,
		readyTimeoutMs: 30_000,
		sleep: (ms, signal) => clock.sleep(ms, signal)
	});
}

afterEach(() => {
	host.terminate();
	host = hostOf(spawnEcho);
});

describe('WorkerHost with a real worker', () => {
	test('carries values there and back', async () => {
		const value = { text: 'ä', vector: new Float32Array([1, 2]), nothing: null };
		expect(await (await host.api()).echo(value)).toEqual(value);
	});

	test('rejects with the error of the service, code and details included', async () => {
		await expect((await host.api()).fail()).rejects.toMatchObject({
			code: 'storage/missing',
			details: { what: 'an echo' }
		});
	});

	test('streams over a port', async () => {
		const { port1, port2 } = new MessageChannel();
		const call = (await host.api()).count(1000, port1);
		let sum = 0;
		for await (const n of receiveStream<number>(port2, undefined, call)) sum += n;
		expect(sum).toBe(500_500);
		await call;
	});

	test('brings progress back and an abort in', async () => {
		const controller = new AbortController();
		const seen: number[] = [];
		const link = callLink<number>(controller.signal, (progress) => {
			seen.push(progress);
			controller.abort();
		});
		const api = await host.api();
		await expect(api.work(link.port)).rejects.toMatchObject({ code: 'cancelled' });
		expect(seen).toEqual([0.5]);
		link.release();
	});

	test('rejects what is under way when the worker breaks, and starts a new one', async () => {
		const deaths: string[] = [];
		host.onDeath((error) => deaths.push(error.code));
		const api = await host.api();
		const hanging = api.hang();
		void api.crash().catch(() => undefined);
		await expect(hanging).rejects.toMatchObject({ code: 'wire/worker-died' });
		expect(deaths).toEqual(['wire/worker-died']);
		expect(await (await host.api()).echo('again')).toBe('again');
	});

	test('hears of a script that does not run', async () => {
		host = hostOf(() => new Worker('data:text/javascript,no script', { type: 'module' }));
		await expect(host.api()).rejects.toMatchObject({ code: 'wire/worker-died' });
	});
});
