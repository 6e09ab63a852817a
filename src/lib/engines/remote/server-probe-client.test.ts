import { expect, test } from 'vitest';
import type { RemoteApi } from '../../wire/remote-api.ts';
import { ServerProbeClient } from './server-probe-client.ts';
import type { ServerProbe } from './server-probe.ts';

const access = { url: 'http://localhost:11434/v1', key: null };

/** A client whose workers answer this. Notes what becomes of them. */
function clientOf(find: () => Promise<never>) {
	const log: string[] = [];
	const client = new ServerProbeClient(() => {
		const ended = Promise.withResolvers<never>();
		ended.promise.catch(() => undefined);
		log.push('spawn');
		return {
			api: () =>
				Promise.resolve({
					find: () => Promise.race([find(), ended.promise]),
					dims: () => Promise.resolve(768)
				} satisfies RemoteApi<ServerProbe>),
			terminate: (error) => {
				log.push('end');
				ended.reject(error);
			}
		};
	});
	return { client, log };
}

const never = (): AbortSignal => new AbortController().signal;

test('each question has a worker of its own, which is ended with the answer', async () => {
	const { client, log } = clientOf(() => new Promise(() => undefined));
	expect(await client.dims(access, 'm', never())).toBe(768);
	expect(await client.dims(access, 'm', never())).toBe(768);
	expect(log).toEqual(['spawn', 'end', 'spawn', 'end']);
});

test('an error ends it, too', async () => {
	const { client, log } = clientOf(() => Promise.reject(new Error('no')));
	await expect(client.find(access, never())).rejects.toThrow('no');
	expect(log).toEqual(['spawn', 'end']);
});

test('who waits no longer ends the worker at once', async () => {
	const { client, log } = clientOf(() => new Promise(() => undefined));
	const abort = new AbortController();
	const found = client.find(access, abort.signal);
	await Promise.resolve();
	abort.abort();
	await expect(found).rejects.toMatchObject({ code: 'cancelled' });
	expect(log).toContain('end');
});
