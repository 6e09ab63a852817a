import { throwIfAborted } from '../core/abort.ts';
import { AppError } from '../core/errors.ts';
import { guardStream } from '../core/guard-stream.ts';
import type { HttpClient, HttpReply, HttpRequest } from '../ports/http-client.ts';
import { retryAfter } from './retry-after.ts';

/** `HttpClient` over `fetch`. Browsers tell a server that is down and one that forbids this origin in the same way. */
export class FetchHttpClient implements HttpClient {
	readonly #origin: string;

	/** `origin` is where the app lives: what a server has to allow. */
	constructor(origin: string) {
		this.#origin = origin;
	}

	async send({ method, url, key, json }: HttpRequest, signal: AbortSignal): Promise<HttpReply> {
		throwIfAborted(signal);
		const translate = (cause: unknown): AppError => this.#networkError(url, cause, signal);
		let response: Response;
		try {
			response = await fetch(url, {
				...{ method, signal, credentials: 'omit', cache: 'no-store', redirect: 'error' },
				referrerPolicy: 'no-referrer',
				headers: {
					...(key !== null && { authorization: `Bearer ${key}` }),
					...(json !== undefined && { 'content-type': 'application/json' })
				},
				...(json !== undefined && { body: JSON.stringify(json) })
			});
		} catch (error) {
			throw translate(error);
		}
		const { status, headers, body } = response;
		const wait = retryAfter(headers, Date.now());
		return {
			...{ status, contentType: mediaType(headers) },
			...(wait !== undefined && { retryAfter: wait }),
			body: guardStream(body ?? nothing(), translate)
		};
	}

	#networkError(url: string, cause: unknown, signal: AbortSignal): AppError {
		if (signal.aborted) return new AppError('cancelled', { cause });
		const details = { server: new URL(url).host, origin: this.#origin };
		return new AppError('remote/unreachable', { details, cause });
	}
}

function mediaType(headers: Headers): string | null {
	return headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? null;
}

function nothing(): ReadableStream<Uint8Array<ArrayBuffer>> {
	return new ReadableStream({ start: (controller) => controller.close() });
}
