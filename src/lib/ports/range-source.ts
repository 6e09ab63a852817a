export interface RangeReply {
	readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
	/** First byte of `body` within the whole file: `from` if the server honours ranges, else 0. */
	readonly from: number;
	/** Size of the whole file in bytes, or null when the server does not say. */
	readonly total: number | null;
	/** ETag or Last-Modified, to notice that the file changed between two reads. */
	readonly validator: string | null;
	/** Media type without parameters, in lower case; null when the server does not say. */
	readonly contentType: string | null;
	/** The `Link` header: where a list that comes in pages goes on. Absent or null when the server does not say. */
	readonly link?: string | null;
}

/**
 * Files on other machines (or on our own server). Errors: `download/offline`, `download/http` with details `status`,
 * `host`, `path` and, where the server asks to wait, `retryAfter` in seconds; `cancelled`.
 */
export interface RangeSource {
	/** Reads from byte `from` to the end, or up to and without byte `until`. */
	read(
		url: string,
		range: { readonly from: number; readonly until?: number },
		signal: AbortSignal
	): Promise<RangeReply>;
}
