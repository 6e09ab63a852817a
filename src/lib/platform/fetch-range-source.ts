import { throwIfAborted } from '../core/abort.ts';
import { AppError } from '../core/errors.ts';
import { guardStream } from '../core/guard-stream.ts';
import type { Json } from '../core/json.ts';
import type { RangeReply, RangeSource } from '../ports/range-source.ts';
import { retryAfter } from './retry-after.ts';

/** Files over HTTP. Sends no header but `Range`, so that other origins need no preflight. */
export class FetchRangeSource implements RangeSource {
	async read(
		url: string,
		range: { readonly from: number; readonly until?: number },
		signal: AbortSignal
	): Promise<RangeReply> {
		throwIfAborted(signal);
		const asksForAll = range.from === 0 && range.until === undefined;
		const last = range.until === undefined ? '' : range.until - 1;
		let response: Response;
		try {
			response = await fetch(url, {
				signal,
				cache: 'no-store',
				referrerPolicy: 'no-referrer',
				headers: asksForAll ? {} : { range: `bytes=${range.from}-${last}` }
			});
		} catch (error) {
			throw networkError(error, signal);
		}
		const { status, headers, body } = response;
		if ((status !== 200 && status !== 206) || !body) {
			await body?.cancel();
			throw new AppError('download/http', { details: refusal(response, url) });
		}
		return {
			body: guardStream(body, (error) => networkError(error, signal)),
			validator: headers.get('etag') ?? headers.get('last-modified'),
			contentType: mediaType(headers),
			link: headers.get('link'),
			...(status === 206 ? partOf(headers, range.from) : { from: 0, total: wholeSize(headers) })
		};
	}
}

function refusal(response: Response, asked: string): Record<string, Json> {
	const wait = retryAfter(response.headers, Date.now());
	return {
		status: response.status,
		// After a redirect, the host that refused is not the one that was asked.
		host: URL.canParse(response.url) ? new URL(response.url).host : '',
		path: withoutQuery(asked),
		...(wait === undefined ? {} : { retryAfter: wait })
	};
}

function mediaType(headers: Headers): string | null {
	const type = headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
	return type === undefined || type === '' ? null : type;
}

/** A server on another origin may hide Content-Range: then the part is the one that was asked for, of unknown total. */
function partOf(headers: Headers, asked: number): { from: number; total: number | null } {
	const match = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
	if (!match) return { from: asked, total: null };
	return { from: Number(match[1]), total: match[2] === '*' ? null : Number(match[2]) };
}

/** Of a compressed reply the length tells the bytes on the wire, not those of the file. */
function wholeSize(headers: Headers): number | null {
	const length = headers.get('content-length');
	return length === null || headers.has('content-encoding') ? null : Number(length);
}

function networkError(error: unknown, signal: AbortSignal): AppError {
	return new AppError(signal.aborted ? 'cancelled' : 'download/offline', { cause: error });
}

/** Query strings of model hosts hold signatures, which belong into no log. */
function withoutQuery(url: string): string {
	return url.replace(/[?#].*$/, '');
}
