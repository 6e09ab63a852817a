import { describe, expect, onTestFinished, test } from 'vitest';
import { type AppError, toAppError } from '../../core/errors.ts';
import type { HttpClient, HttpReply } from '../../ports/http-client.ts';
import type { FakeOpenAi } from '../fake-open-ai.ts';

export interface HttpClientUnderTest {
	readonly client: HttpClient;
	/** The server's address, without a slash at its end. */
	readonly url: string;
	readonly server: FakeOpenAi;
	/** From now on nobody listens there. */
	readonly stop: () => Promise<void> | void;
}

/** Where the clients under test say that the app lives. */
export const appOrigin = 'https://sam.example';

/** Everything that is relied on in a client for servers of the user's. */
export function describeHttpClient(name: string, make: () => Promise<HttpClientUnderTest>): void {
	async function made(): Promise<HttpClientUnderTest> {
		const all = await make();
		onTestFinished(() => all.stop());
		return all;
	}

	const chat = { model: 'tiny-chat:1b', stream: true, messages: [] };

	describe(`${name} keeps the contract of a client:`, () => {
		test('it brings status, type and body', async () => {
			const { client, url } = await made();
			const reply = await client.send({ method: 'GET', url: `${url}/models`, key: null }, never());
			expect(reply).toMatchObject({ status: 200, contentType: 'application/json' });
			expect(JSON.parse(await textOf(reply))).toMatchObject({ object: 'list' });
		});

		test('it sends JSON, and a key only where there is one', async () => {
			const { client, url, server } = await made();
			const request = { method: 'POST', url: `${url}/chat/completions`, json: chat } as const;
			await textOf(await client.send({ ...request, key: null }, never()));
			await textOf(await client.send({ ...request, key: 'sk-secret' }, never()));
			expect(server.requests).toMatchObject([
				{ method: 'POST', path: '/chat/completions', authorization: null, body: chat },
				{ authorization: 'Bearer sk-secret', body: chat }
			]);
		});

		test('a server that says no has answered', async () => {
			const { client, url, server } = await made();
			const headers = { 'retry-after': '20' };
			server.fault = () => ({ kind: 'reply', status: 429, body: 'slow down', headers });
			const reply = await client.send({ method: 'GET', url: `${url}/models`, key: null }, never());
			expect(reply).toMatchObject({ status: 429, retryAfter: 20 });
			expect(await textOf(reply)).toBe('slow down');
		});

		test('a stream can be read while it is being written', async () => {
			const { client, url, server } = await made();
			const { pause, release } = gate(1);
			server.pause = pause;
			const request = { method: 'POST', url: `${url}/chat/completions`, key: null } as const;
			const reply = await client.send({ ...request, json: chat }, never());
			const reader = reply.body.getReader();
			const { value } = await reader.read();
			expect(new TextDecoder().decode(value)).toContain(': ready');
			release();
			let rest = '';
			for (let next = await reader.read(); !next.done; next = await reader.read())
				rest += new TextDecoder().decode(next.value);
			expect(rest).toContain('[DONE]');
		});

		test('an abort closes the connection in the middle', async () => {
			const { client, url, server } = await made();
			const { pause, release } = gate(1);
			onTestFinished(release);
			server.pause = pause;
			const abort = new AbortController();
			const request = { method: 'POST', url: `${url}/chat/completions`, key: null } as const;
			const { body } = await client.send({ ...request, json: chat }, abort.signal);
			const reader = body.getReader();
			await reader.read();
			abort.abort();
			expect(await errorOf(reader.read())).toMatchObject({ code: 'cancelled' });
			await expect.poll(() => server.requests[0]?.closed).toBe(true);
		});

		test('so does whoever stops reading', async () => {
			const { client, url, server } = await made();
			const { pause, release } = gate(1);
			onTestFinished(release);
			server.pause = pause;
			const request = { method: 'POST', url: `${url}/chat/completions`, key: null } as const;
			const { body } = await client.send({ ...request, json: chat }, never());
			const reader = body.getReader();
			await reader.read();
			await reader.cancel();
			await expect.poll(() => server.requests[0]?.closed).toBe(true);
		});

		test('a request that was aborted before is never sent', async () => {
			const { client, url, server } = await made();
			const request = { method: 'GET', url: `${url}/models`, key: null } as const;
			const sent = client.send(request, AbortSignal.abort());
			expect(await errorOf(sent)).toMatchObject({ code: 'cancelled' });
			expect(server.requests).toEqual([]);
		});

		test('where nobody listens it says which server, and from where', async () => {
			const { client, url, stop } = await made();
			await stop();
			const request = { method: 'GET', url: `${url}/models`, key: 'sk-secret' } as const;
			const error = await errorOf(client.send(request, never()));
			expect(error).toMatchObject({
				code: 'remote/unreachable',
				details: { server: new URL(url).host, origin: appOrigin }
			});
			expect(JSON.stringify([error.details, error.message])).not.toContain('sk-secret');
		});

		test('a connection that breaks is an error, not an end', async () => {
			const { client, url, server } = await made();
			server.fault = () => ({ kind: 'break', after: 2 });
			const request = { method: 'POST', url: `${url}/chat/completions`, key: null } as const;
			const reply = await client.send({ ...request, json: chat }, never());
			expect(await errorOf(textOf(reply))).toMatchObject({ code: 'remote/unreachable' });
		});

		test('a key follows no redirect', async () => {
			const { client, url, server } = await made();
			const headers = { location: `${url}/elsewhere` };
			server.fault = ({ path }) =>
				path === '/models' ? { kind: 'reply', status: 307, body: '', headers } : null;
			const request = { method: 'GET', url: `${url}/models`, key: 'sk-secret' } as const;
			const error = await errorOf(client.send(request, never()));
			expect(error.code).toBe('remote/unreachable');
			expect(server.last('/elsewhere')).toBeUndefined();
		});
	});
}

/** Lets so many pieces pass, and the others when it is released. */
function gate(pieces: number): { pause: () => Promise<void>; release: () => void } {
	const { promise, resolve } = Promise.withResolvers<undefined>();
	let left = pieces;
	const pause = async (): Promise<void> => {
		left--;
		if (left < 0) await promise;
	};
	return { pause, release: () => resolve(undefined) };
}

function never(): AbortSignal {
	return new AbortController().signal;
}

/** Read to the end, whatever comes in between. */
async function textOf({ body }: HttpReply): Promise<string> {
	const decoder = new TextDecoder();
	const reader = body.getReader();
	let text = '';
	for (;;) {
		const { done, value } = await reader.read();
		if (done) return text + decoder.decode();
		text += decoder.decode(value, { stream: true });
	}
}

async function errorOf(work: Promise<unknown>): Promise<AppError> {
	const thrown = await work.then(
		() => new Error('it went well'),
		(error: unknown) => error
	);
	return toAppError(thrown);
}
