import { throwIfAborted } from '../../core/abort.ts';
import { AppError, hasCode, toAppError } from '../../core/errors.ts';
import { pieceReader, type PieceReader } from '../../core/piece-reader.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RangeReply, RangeSource } from '../../ports/range-source.ts';
import type { Part } from '../store/part-plan.ts';
import type { Bandwidth } from './bandwidth.ts';
import type { PartsUnderWay, PartUnderWay } from './parts-under-way.ts';
import type { RangePlan } from './range-plan.ts';

/** What the connections of one host share. */
export interface ConnectionWork {
	readonly ranges: RangeSource;
	readonly clock: Clock;
	readonly bandwidth: Bandwidth;
	readonly url: string;
	/** All parts of the file. */
	readonly parts: readonly Part[];
	readonly partBytes: number;
	readonly plan: RangePlan;
	readonly underWay: PartsUnderWay;
	/** Looks at what the host says before any byte is taken. Throws when the body is of no use. */
	readonly admit: (reply: RangeReply, asked: number, connection: Connection) => void;
	/** Hears that bytes have come, and whether they have completed a part. */
	readonly onBytes: (completed: boolean) => void;
}

/** One stream of bytes from a host, put where they belong in the file. */
export class Connection {
	readonly #work: ConnectionWork;
	readonly #signal: AbortSignal;
	readonly #leaving = new AbortController();
	/** Since when it waits for the host; null while it does something else. */
	#waitingSince: number | null = null;
	#stalled = false;

	constructor(work: ConnectionWork, signal: AbortSignal) {
		this.#work = work;
		this.#signal = AbortSignal.any([signal, this.#leaving.signal]);
	}

	/** Whether `leave` was called. */
	get left(): boolean {
		return this.#leaving.signal.aborted && !this.#stalled;
	}

	/** Ends the stream. The bytes so far stay. */
	leave(): void {
		this.#leaving.abort();
	}

	/** Ends the stream with `download/stalled` when the host has been silent for that many milliseconds. */
	checkStall(limit: number): void {
		if (this.#waitingSince === null) return;
		if (this.#work.clock.monotonic() - this.#waitingSince < limit) return;
		this.#stalled = true;
		this.#leaving.abort();
	}

	/**
	 * Reads from where the part was left, over all parts that the plan gives to this connection.
	 * Errors: `download/*`, `cancelled`, and what storing fails with.
	 */
	async read(first: number): Promise<void> {
		try {
			await this.#read(first);
		} catch (error) {
			if (this.#stalled) throw new AppError('download/stalled', { cause: error });
			throw error;
		} finally {
			this.#waitingSince = null;
		}
	}

	async #read(first: number): Promise<void> {
		const { ranges, clock, url, parts, plan, underWay, bandwidth } = this.#work;
		const from = (parts[first]?.offset ?? 0) + (underWay.current(first)?.filled ?? 0);
		const until = parts[plan.end(this)]?.offset;
		this.#waitingSince = clock.monotonic();
		const reply = await ranges.read(
			url,
			until === undefined ? { from } : { from, until },
			this.#signal
		);
		const reader = pieceReader(reply.body);
		try {
			this.#work.admit(reply, from, this);
			const skipping = reply.from < from;
			let at = reply.from;
			for (;;) {
				this.#waitingSince = clock.monotonic();
				const chunk = await next(reader);
				this.#waitingSince = null;
				throwIfAborted(this.#signal);
				if (!chunk) break;
				if (bandwidth.limit !== null) await bandwidth.take(chunk.byteLength, this.#signal);
				const goesOn = await this.#place(chunk, at, skipping);
				if (!goesOn) return;
				at += chunk.byteLength;
			}
		} finally {
			// What is left of the body is of no use; a body that failed cannot be cancelled.
			reader.cancel().catch(() => undefined);
		}
		const missing = parts[plan.next(this) ?? parts.length];
		// The host has ended what it called longer. It may go on at the next request.
		if (missing && missing.offset < (until ?? missing.offset + 1))
			throw new AppError('download/stalled');
	}

	/** Copies bytes that begin at `at` into their parts. False when the stream has nothing more that is wanted. */
	async #place(chunk: Uint8Array, at: number, skipping: boolean): Promise<boolean> {
		const { parts, partBytes, plan, underWay, onBytes } = this.#work;
		let offset = 0;
		let completed = false;
		let goesOn = true;
		while (offset < chunk.byteLength) {
			const position = at + offset;
			const part = parts[Math.floor(position / partBytes)];
			if (!part) return false;
			const mine = plan.owns(this, part.index);
			if (!mine && !skipping) {
				goesOn = false;
				break;
			}
			if (!mine) {
				offset = Math.min(chunk.byteLength, part.offset + part.bytes - at);
				continue;
			}
			const open = underWay.current(part.index) ?? (await this.#open(part));
			const known = part.offset + open.filled - position;
			if (known > 0) offset = Math.min(chunk.byteLength, offset + known);
			else offset += copy(chunk, offset, open);
			if (open.filled < part.bytes) continue;
			plan.done(part.index);
			underWay.store(open);
			completed = true;
			// A stream that is open already is the cheapest way to what another connection has left.
			if (plan.next(this) === undefined) goesOn = plan.extend(this, part.index + 1);
		}
		onBytes(completed);
		return goesOn;
	}

	async #open(part: Part): Promise<PartUnderWay> {
		const open = await this.#work.underWay.open(part);
		throwIfAborted(this.#signal);
		return open;
	}
}

/** Copies as much of the chunk as the part takes. Tells how many bytes. */
function copy(chunk: Uint8Array, offset: number, open: PartUnderWay): number {
	const room = open.part.bytes - open.filled;
	const piece = chunk.subarray(offset, offset + room);
	open.buffer.set(piece, open.filled);
	open.filled += piece.byteLength;
	return piece.byteLength;
}

async function next(reader: PieceReader): Promise<Uint8Array | undefined> {
	try {
		return await reader.next();
	} catch (error) {
		throw hasCode(error, 'cancelled') ? error : toAppError(error, 'download/offline');
	}
}
