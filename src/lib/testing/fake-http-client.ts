import { throwIfAborted } from '../core/abort.ts';
import { AppError } from '../core/errors.ts';
import type { HttpClient, HttpReply, HttpRequest } from '../ports/http-client.ts';
import type { FakeOpenAi, SeenRequest, ServerReply } from './fake-open-ai.ts';

/** `HttpClient` to one server in this process. */
export class FakeHttpClient implements HttpClient {
	readonly #server: FakeOpenAi;
	readonly #base: string;
	readonly #origin: string;
	/** True: nobody listens there. */
	down = false;

	/** `base` is the server's address, without a slash at its end. */
	constructor(server: FakeOpenAi, base: string, origin: string) {
		this.#server = server;
		this.#base = base;
		this.#origin = origin;
	}

	async send({ method, url, key, json }: HttpRequest, signal: AbortSignal): Promise<HttpReply> {
		throwIfAborted(signal);
		await Promise.resolve();
		if (this.down) throw this.#unreachable(url);
		const request: SeenRequest = {
			method,
			// The server has nothing at other addresses.
			path: url.startsWith(this.#base) ? url.slice(this.#base.length) : url,
			authorization: key === null ? null : `Bearer ${key}`,
			// As it travels: what is undefined does not.
			body: JSON.parse(JSON.stringify(json ?? {})) as Record<string, unknown>,
			closed: false
		};
		const reply = this.#server.handle(request);
		const { status, headers } = reply;
		if (status >= 300 && status < 400) throw this.#unreachable(url);
		const wait = headers['retry-after'];
		return {
			status,
			contentType: headers['content-type']?.split(';', 1)[0] ?? null,
			...(wait !== undefined && { retryAfter: Number(wait) }),
			body: this.#body(reply, request, signal, url)
		};
	}

	#body(
		{ pieces }: ServerReply,
		request: SeenRequest,
		signal: AbortSignal,
		url: string
	): ReadableStream<Uint8Array<ArrayBuffer>> {
		const iterator = pieces[Symbol.asyncIterator]();
		const close = (): void => {
			request.closed = true;
		};
		const aborted = new Promise<never>((_, reject) => {
			const stop = (): void => {
				close();
				reject(new AppError('cancelled'));
			};
			signal.addEventListener('abort', stop, { once: true });
		});
		aborted.catch(() => undefined);
		return new ReadableStream<Uint8Array<ArrayBuffer>>(
			{
				pull: async (controller) => {
					try {
						const next = await Promise.race([iterator.next(), aborted]);
						if (next.done === true) controller.close();
						else if (next.value === null) controller.error(this.#unreachable(url));
						else controller.enqueue(next.value);
					} catch (error) {
						controller.error(error);
					}
				},
				cancel: close
			},
			{ highWaterMark: 0 }
		);
	}

	#unreachable(url: string): AppError {
		const details = { server: new URL(url).host, origin: this.#origin };
		return new AppError('remote/unreachable', { details });
	}
}
