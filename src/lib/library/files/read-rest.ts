import { AppError, hasCode } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RangeReply, RangeSource } from '../../ports/range-source.ts';
import type { Bandwidth } from '../download/bandwidth.ts';
import { piecesOf } from '../hub/pieces-of.ts';
import type { OnBytes } from '../model-library.ts';
import type { FileBeginning } from './file-beginnings.ts';
import type { ListedFile } from './listed-file.ts';
import { untilSilent } from './until-silent.ts';

interface Reading {
	readonly file: ListedFile;
	/** The most bytes that the file may have. */
	readonly limit: number;
	readonly parts: {
		readonly ranges: RangeSource;
		readonly clock: Pick<Clock, 'sleep'>;
		readonly bandwidth: Pick<Bandwidth, 'take'>;
	};
	/** Holds what has come, also when the rest has not. */
	readonly beginning: FileBeginning;
	readonly onBytes: OnBytes;
	readonly signal: AbortSignal;
}

/**
 * Adds to a beginning what is missing of it, in one request, or in two where the host has another file now: then it is
 * begun anew. Errors: those of `RangeSource.read`, `download/stalled`, `download/web-page`, `download/size-mismatch`,
 * `download/too-large`.
 */
export async function readRest(url: string, reading: Reading): Promise<void> {
	const { file, limit } = reading;
	const { path, bytes: listed } = file;
	if (listed !== null && listed > limit) throw tooLarge(path, limit);
	if (listed !== null && reading.beginning.bytes === listed) return;
	const leaving = new AbortController();
	try {
		const signal = AbortSignal.any([reading.signal, leaving.signal]);
		await takeFrom(url, { ...reading, signal });
	} finally {
		// A host that has fallen silent keeps its connection open.
		leaving.abort();
	}
}

async function takeFrom(url: string, reading: Reading): Promise<void> {
	const { file, limit, parts, beginning, onBytes, signal } = reading;
	const { path, bytes: listed } = file;
	const reply = await goOn(url, reading);
	if (listed !== null && reply.total !== null && reply.total !== listed)
		throw wrongSize(path, listed, reply.total);
	const size = listed ?? reply.total;
	beginning.source = { address: url, validator: reply.validator ?? knownOf(beginning, url) };
	if (beginning.bytes > 0) {
		beginning.joined = true;
		onBytes(beginning.bytes, size ?? beginning.bytes);
	}
	const inTime = <T>(answer: Promise<T>): Promise<T> => untilSilent(parts.clock, answer);
	for await (const piece of piecesOf(reply.body, inTime)) {
		const bytes = beginning.bytes + piece.byteLength;
		if (bytes > limit) throw tooLarge(path, limit);
		if (listed !== null && bytes > listed) throw wrongSize(path, listed, bytes);
		await parts.bandwidth.take(piece.byteLength, signal);
		beginning.add(piece);
		onBytes(bytes, size ?? bytes);
	}
	// The host has ended what it called longer. It may go on at the next request.
	if (size !== null && beginning.bytes < size) throw new AppError('download/stalled');
}

/** A reply whose body begins where the beginning ends, which is empty where it was of another file. */
async function goOn(url: string, reading: Reading): Promise<RangeReply> {
	const { file, beginning, onBytes } = reading;
	const from = beginning.bytes;
	const reply = await ask(url, from, reading).catch((error: unknown) => {
		if (from === 0 || !isOutOfRange(error)) throw error;
		if (file.bytes !== null) throw wrongSize(file.path, file.bytes, from);
		return null;
	});
	if (reply?.from === from && isSameFile(url, reading, reply)) return reply;
	beginning.clear();
	onBytes(0, file.bytes ?? 0);
	if (reply?.from === 0) return reply;
	await reply?.body.cancel();
	return ask(url, 0, reading);
}

/** Errors: those of `RangeSource.read`, `download/stalled`, `download/web-page`. */
async function ask(
	url: string,
	from: number,
	{ file: { path }, parts, signal }: Reading
): Promise<RangeReply> {
	const reply = await untilSilent(parts.clock, parts.ranges.read(url, { from }, signal));
	if (reply.contentType !== 'text/html' || /\.html?$/i.test(path)) return reply;
	await reply.body.cancel();
	throw new AppError('download/web-page', { details: { host: new URL(url).host, path } });
}

/** Whether bytes of that reply may be put behind those that are there. */
function isSameFile(url: string, { file, beginning }: Reading, reply: RangeReply): boolean {
	if (beginning.bytes === 0) return true;
	if (file.bytes !== null && reply.total !== null && file.bytes !== reply.total) return false;
	const known = knownOf(beginning, url);
	if (known !== null && reply.validator !== null) return known === reply.validator;
	// What is put together wrongly is noticed by its digest alone.
	return file.sha256 !== null || file.gitBlob !== null;
}

function knownOf({ source }: FileBeginning, url: string): string | null {
	return source?.address === url ? source.validator : null;
}

/** The host has no byte where the file should go on. */
function isOutOfRange(error: unknown): boolean {
	return hasCode(error, 'download/http') && error.details.status === 416;
}

function tooLarge(path: string, limit: number): AppError {
	return new AppError('download/too-large', { details: { path, limit: `${limit / 1e6} MB` } });
}

function wrongSize(path: string, expected: number, actual: number): AppError {
	return new AppError('download/size-mismatch', { details: { path, expected, actual } });
}
