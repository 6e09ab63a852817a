import { throwIfAborted } from '../core/abort.ts';
import { AppError } from '../core/errors.ts';
import type { RangeReply, RangeSource } from '../ports/range-source.ts';

export interface ServedFile {
	readonly body: Uint8Array<ArrayBuffer>;
	/** What an ETag would say. Default null. */
	readonly validator?: string | null;
	/** What the Link header would say. Default null. */
	readonly link?: string | null;
	/** Answers every read with the whole file. */
	readonly ignoresRanges?: boolean;
	/** Does not tell the size of the whole file. */
	readonly hidesTotal?: boolean;
}

/** What goes wrong in one read. `at` is a byte of the whole file: those before it still arrive. */
export type ReadFault =
	| { readonly kind: 'offline' }
	| { readonly kind: 'status'; readonly status: number }
	| { readonly kind: 'cut'; readonly at: number }
	/** Goes silent until the reader gives up. */
	| { readonly kind: 'stall'; readonly at: number };

export interface RecordedRead {
	readonly url: string;
	readonly from: number;
	readonly until?: number;
}

/** Bodies arrive in pieces of this many bytes. */
const pieceBytes = 1024;

/**
 * Files on a network that fails as told: `source.serve(url, { body })`, then `source.fail(url, fault, …)` for the reads
 * to come, one fault each. A URL that is not served answers 404.
 */
export class ScriptedRangeSource implements RangeSource {
	readonly #files = new Map<string, ServedFile>();
	readonly #faults = new Map<string, ReadFault[]>();
	readonly #reads: RecordedRead[] = [];

	/** Every read so far, the failed ones too. */
	get reads(): readonly RecordedRead[] {
		return this.#reads;
	}

	/** Serves the file from now on, in place of what was there. */
	serve(url: string, file: ServedFile): void {
		this.#files.set(url, file);
	}

	/** Queues faults for the next reads of the URL. Once they are used up, reads work. */
	fail(url: string, ...faults: readonly ReadFault[]): void {
		this.#faults.set(url, [...(this.#faults.get(url) ?? []), ...faults]);
	}

	async read(
		url: string,
		range: { readonly from: number; readonly until?: number },
		signal: AbortSignal
	): Promise<RangeReply> {
		throwIfAborted(signal);
		this.#reads.push({ url, ...range });
		const fault = this.#faults.get(url)?.shift();
		if (fault?.kind === 'offline') throw new AppError('download/offline');
		if (fault?.kind === 'status') throw httpError(url, fault.status);
		const file = this.#files.get(url);
		if (!file) throw httpError(url, 404);
		const size = file.body.byteLength;
		if (!file.ignoresRanges && range.from > 0 && range.from >= size) throw httpError(url, 416);
		const from = file.ignoresRanges ? 0 : range.from;
		const until = file.ignoresRanges ? size : Math.min(range.until ?? size, size);
		return {
			body: bodyOf(file.body, from, until, fault, signal),
			from,
			total: file.hidesTotal ? null : size,
			validator: file.validator ?? null,
			link: file.link ?? null
		};
	}
}

function bodyOf(
	bytes: Uint8Array<ArrayBuffer>,
	from: number,
	until: number,
	fault: Extract<ReadFault, { at: number }> | undefined,
	signal: AbortSignal
): ReadableStream<Uint8Array<ArrayBuffer>> {
	const end = Math.min(until, Math.max(from, fault?.at ?? until));
	let offset = from;
	return new ReadableStream({
		start(controller) {
			signal.addEventListener('abort', () =>
				controller.error(new AppError('cancelled', { cause: signal.reason }))
			);
		},
		pull(controller) {
			if (offset < end) {
				const next = Math.min(end, offset + pieceBytes);
				controller.enqueue(bytes.slice(offset, next));
				offset = next;
				return undefined;
			}
			if (fault?.kind === 'cut') controller.error(new AppError('download/offline'));
			else if (fault?.kind === 'stall') return new Promise(() => undefined);
			else controller.close();
			return undefined;
		}
	});
}

function httpError(url: string, status: number): AppError {
	return new AppError('download/http', { details: { status, path: url } });
}
