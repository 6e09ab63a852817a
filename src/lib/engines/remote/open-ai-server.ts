import { AppError } from '../../core/errors.ts';
import type { HttpClient, HttpReply } from '../../ports/http-client.ts';
import { type Fields, isFields } from './json-fields.ts';
import { readEvents } from './read-events.ts';
import { complaintError, isComplaint } from './server-complaint.ts';
import type { SseEvent } from './sse-parser.ts';

/** How a server is reached. */
export interface ServerAccess {
	/** Absolute, without a slash at its end. */
	readonly url: string;
	readonly key: string | null;
}

/** A complaint longer than this is not one. */
const longestComplaint = 64 * 1024;

/**
 * Speaks with an OpenAI-compatible server. Errors: `remote/unreachable`, `remote/unauthorised`, `remote/refused`,
 * `remote/bad-answer`, `engine/context-overflow`, `cancelled`.
 */
export class OpenAiServer {
	readonly #http: HttpClient;
	readonly #access: ServerAccess;

	constructor(http: HttpClient, access: ServerAccess) {
		this.#http = http;
		this.#access = access;
	}

	/** Host and port. */
	get name(): string {
		return new URL(this.#access.url).host;
	}

	async get(path: string, signal: AbortSignal): Promise<Fields> {
		return this.#fields(await this.#send('GET', path, undefined, signal));
	}

	async post(path: string, json: object, signal: AbortSignal): Promise<Fields> {
		return this.#fields(await this.#send('POST', path, json, signal));
	}

	/** Events as they come. A server that does not stream gives its one answer as a single event. */
	async *stream(path: string, json: object, signal: AbortSignal): AsyncGenerator<SseEvent, void> {
		const reply = await this.#send('POST', path, json, signal);
		if (reply.contentType !== 'text/event-stream') {
			yield { type: 'message', data: JSON.stringify(await this.#fields(reply)) };
			return;
		}
		for await (const event of readEvents(reply.body)) {
			if (event.type === 'error' || isComplaint(event.data)) throw this.#complaint(event.data);
			yield event;
		}
	}

	badAnswer(reason: string, cause?: unknown): AppError {
		return new AppError('remote/bad-answer', { details: { server: this.name, reason }, cause });
	}

	async #send(
		method: 'GET' | 'POST',
		path: string,
		json: object | undefined,
		signal: AbortSignal
	): Promise<HttpReply> {
		const { url, key } = this.#access;
		const request = { method, url: `${url}${path}`, key, ...(json && { json }) };
		const reply = await this.#http.send(request, signal);
		if (reply.status >= 200 && reply.status < 300) return reply;
		throw this.#complaint(await readText(reply.body, longestComplaint), reply);
	}

	async #fields({ body, contentType }: HttpReply): Promise<Fields> {
		const text = await readText(body);
		if (contentType === 'text/html') throw this.badAnswer('it is a web page');
		let value: unknown;
		try {
			value = JSON.parse(text);
		} catch (cause) {
			throw this.badAnswer('it is no JSON', cause);
		}
		if (!isFields(value)) throw this.badAnswer('it is no JSON object');
		// Some report errors with status 200.
		if (isComplaint(text)) throw this.#complaint(text);
		return value;
	}

	#complaint(text: string, reply?: HttpReply): AppError {
		return complaintError({
			...{ server: this.name, text, key: this.#access.key },
			status: reply?.status ?? null,
			...(reply?.retryAfter !== undefined && { retryAfter: reply.retryAfter })
		});
	}
}

async function readText(
	body: ReadableStream<Uint8Array<ArrayBuffer>>,
	most = Infinity
): Promise<string> {
	const reader = body.getReader();
	const decoder = new TextDecoder();
	let text = '';
	try {
		while (text.length < most) {
			const { done, value } = await reader.read();
			if (done) break;
			text += decoder.decode(value, { stream: true });
		}
		return text + decoder.decode();
	} finally {
		await reader.cancel().catch(() => undefined);
	}
}
