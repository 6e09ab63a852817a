import { throwIfAborted } from '../core/abort.ts';
import { AppError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { RangeReply, RangeSource } from '../ports/range-source.ts';

export interface ServedFile {
	readonly body: Uint8Array<ArrayBuffer>;
	/** What an ETag would say. Default null. */
	readonly validator?: string | null;
	readonly contentType?: string;
	/** What the Link header would say. Default null. */
	readonly link?: string | null;
	/** Answers every read with the whole file. */
	readonly ignoresRanges?: boolean;
	/** Does not tell the size of the whole file. */
	readonly hidesTotal?: boolean;
	/** Of each connection, on the clock of the source. Default: all at once. */
	readonly bytesPerSecond?: number;
	/** The rate is that of all connections together. */
	readonly sharesRate?: boolean;
}

/** What goes wrong in one read. `at` is a byte of the whole file: those before it still arrive. */
export type ReadFault =
	| { readonly kind: 'offline' }
	| { readonly kind: 'status'; readonly status: number; readonly retryAfter?: number }
	/** A sign-in page in place of the file. */
	| { readonly kind: 'web-page' }
	| { readonly kind: 'cut'; readonly at: number }
	/** Goes silent until the reader gives up. */
	| { readonly kind: 'stall'; readonly at: number }
	/** Ends as if the file were complete, although the size that was told is larger. */
	| { readonly kind: 'short'; readonly at: number }
	/** Tells this as the size of the file. */
	| { readonly kind: 'lie'; readonly total: number }
	/** The byte there arrives with one bit turned round. */
	| { readonly kind: 'flip'; readonly at: number };

export interface RecordedRead {
	readonly url: string;
	readonly from: number;
	readonly until?: number;
}

/** Bodies arrive in pieces of this many bytes. */
const pieceBytes = 1024;

/** What a sign-in page of a network says. */
export const signInPage = new TextEncoder().encode('<!doctype html><title>Sign in</title>');

/**
 * Files on a network that fails as told: `source.serve(url, { body })`, then `source.fail(url, fault, …)` for the reads
 * to come, one fault each. A URL that is not served answers 404. Reads take time only where a file has a rate, and then
 * by the given clock.
 */
export class ScriptedRangeSource implements RangeSource {
	readonly #clock: Pick<Clock, 'sleep'> | undefined;
	readonly #files = new Map<string, ServedFile>();
	readonly #faults = new Map<string, ReadFault[]>();
	readonly #reads: RecordedRead[] = [];
	#delivered = 0;
	#open = 0;
	#mostOpen = 0;

	constructor(clock?: Pick<Clock, 'sleep'>) {
		this.#clock = clock;
	}

	/** Every read so far, the failed ones too. */
	get reads(): readonly RecordedRead[] {
		return this.#reads;
	}

	/** Bytes that have gone over the wire in all bodies. */
	get delivered(): number {
		return this.#delivered;
	}

	/** Bodies that are being read: neither at their end, nor failed, nor left. */
	get open(): number {
		return this.#open;
	}

	/** The most bodies that were open at once. */
	get mostOpen(): number {
		return this.#mostOpen;
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
		if (fault?.kind === 'status') throw httpError(url, fault.status, fault.retryAfter);
		const file = fault?.kind === 'web-page' ? pageFile : this.#files.get(url);
		if (!file) throw httpError(url, 404);
		const size = file.body.byteLength;
		if (!file.ignoresRanges && range.from > 0 && range.from >= size) throw httpError(url, 416);
		const from = file.ignoresRanges ? 0 : range.from;
		const until = file.ignoresRanges ? size : Math.min(range.until ?? size, size);
		const total = fault?.kind === 'lie' ? fault.total : size;
		return {
			body: this.#bodyOf(file, { from, until }, fault, signal),
			from,
			total: file.hidesTotal ? null : total,
			validator: file.validator ?? null,
			contentType: file.contentType ?? null,
			link: file.link ?? null
		};
	}

	#bodyOf(
		file: ServedFile,
		range: { readonly from: number; readonly until: number },
		fault: ReadFault | undefined,
		signal: AbortSignal
	): ReadableStream<Uint8Array<ArrayBuffer>> {
		const stopsAt = fault && 'at' in fault && fault.kind !== 'flip' ? fault.at : range.until;
		const end = Math.min(range.until, Math.max(range.from, stopsAt));
		let offset = range.from;
		this.#mostOpen = Math.max(this.#mostOpen, ++this.#open);
		let ended = false;
		const over = (): void => {
			if (!ended) this.#open--;
			ended = true;
		};
		return new ReadableStream(
			{
				start: (controller) => {
					signal.addEventListener('abort', () => {
						if (ended) return;
						over();
						controller.error(new AppError('cancelled', { cause: signal.reason }));
					});
				},
				pull: async (controller) => {
					if (offset < end) {
						const next = Math.min(end, offset + pieceBytes);
						if (!(await this.#onTheWire(next - offset, file, signal))) return;
						const piece = file.body.slice(offset, next);
						if (fault?.kind === 'flip' && fault.at >= offset && fault.at < next)
							piece[fault.at - offset]! ^= 1;
						this.#delivered += piece.byteLength;
						offset = next;
						controller.enqueue(piece);
						return;
					}
					if (fault?.kind === 'stall') return new Promise(() => undefined);
					if (!ended && fault?.kind === 'cut') controller.error(new AppError('download/offline'));
					else if (!ended) controller.close();
					over();
				},
				cancel: over
			},
			{ highWaterMark: 0 }
		);
	}

	/** Lets the time of so many bytes pass. False when the reader has gone meanwhile. */
	async #onTheWire(bytes: number, file: ServedFile, signal: AbortSignal): Promise<boolean> {
		if (file.bytesPerSecond === undefined || !this.#clock) return !signal.aborted;
		try {
			const seconds = (bytes / file.bytesPerSecond) * (file.sharesRate ? this.#open : 1);
			await this.#clock.sleep(seconds * 1000, signal);
			return true;
		} catch {
			return false;
		}
	}
}

const pageFile: ServedFile = { body: signInPage, contentType: 'text/html', ignoresRanges: true };

function httpError(url: string, status: number, retryAfter?: number): AppError {
	const details = { status, host: new URL(url, 'https://host.test').host, path: url };
	return new AppError('download/http', {
		details: retryAfter === undefined ? details : { ...details, retryAfter }
	});
}
