export interface HttpRequest {
	readonly method: 'GET' | 'POST';
	/** Absolute. */
	readonly url: string;
	/** Sent as `Authorization: Bearer`; null sends none. Never in the address, and in no error. */
	readonly key: string | null;
	/** Sent as JSON; only with `POST`. */
	readonly json?: unknown;
}

export interface HttpReply {
	/** Any status, also one that says no. */
	readonly status: number;
	/** Media type without parameters, in lower case; null when the server does not say. */
	readonly contentType: string | null;
	/** Whole seconds that the server asks to wait before the next request; undefined when it does not say. */
	readonly retryAfter?: number;
	/** As it comes. Cancelling it, or aborting the request, closes the connection. */
	readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
}

/**
 * Requests to servers that the user has named. No cookies, no referrer, and no redirects: a key goes where it was meant
 * to go, and nowhere else. Errors, of the body too: `remote/unreachable` with `server` (host and port) and `origin`,
 * `cancelled`.
 */
export interface HttpClient {
	send(request: HttpRequest, signal: AbortSignal): Promise<HttpReply>;
}
