import { AppError } from '../../core/errors.ts';
import type { HasherFactory } from '../../ports/hasher.ts';
import type { RangeReply, RangeSource } from '../../ports/range-source.ts';
import type { Bandwidth } from '../download/bandwidth.ts';
import { fileError } from '../hub/file-error.ts';
import { firstAnswer } from '../hub/first-answer.ts';
import { gitBlobId } from '../hub/git-blob-id.ts';
import { piecesOf } from '../hub/pieces-of.ts';
import type { OnBytes } from '../model-library.ts';
import type { ListedFile } from './listed-file.ts';

interface Parts {
	readonly ranges: RangeSource;
	readonly hashers: HasherFactory;
	readonly bandwidth: Pick<Bandwidth, 'take'>;
	/** Where to download the file of a canonical address from, in order. */
	readonly addressesOf: (url: string) => readonly string[];
}

/**
 * The bytes of a file of a moderate size, whole and as listed; nothing is stored. What goes wrong with one host is tried
 * with the next.
 * Errors: `download/too-large` over `limit` bytes, `download/size-mismatch`, `download/digest-mismatch`,
 * `download/web-page`, `download/offline`, `download/http`, `hub/no-host`, `hub/gated`, `hub/file-missing`, `cancelled`.
 */
export function fetchFile(
	file: ListedFile,
	limit: number,
	parts: Parts,
	onBytes: OnBytes,
	signal: AbortSignal
): Promise<Blob> {
	return firstAnswer(parts.addressesOf(file.url), (url) =>
		fetchFrom(url, file, limit, parts, onBytes, signal)
	);
}

async function fetchFrom(
	url: string,
	file: ListedFile,
	limit: number,
	{ ranges, hashers, bandwidth }: Parts,
	onBytes: OnBytes,
	signal: AbortSignal
): Promise<Blob> {
	const { path, bytes: expected, sha256, gitBlob } = file;
	if (expected !== null && expected > limit) throw tooLarge(path, limit);
	const reply = await ranges.read(url, { from: 0 }, signal).catch((error: unknown) => {
		throw fileError(error, path, file.url);
	});
	const hasher = sha256 === null ? null : await hashers.create();
	const pieces: Blob[] = [];
	let done = 0;
	for await (const piece of piecesOf(reply.body)) {
		if (done === 0 && isPage(reply, path))
			throw new AppError('download/web-page', { details: { host: new URL(url).host, path } });
		done += piece.byteLength;
		if (done > limit) throw tooLarge(path, limit);
		if (expected !== null && done > expected) throw wrongSize(path, expected, done);
		await bandwidth.take(piece.byteLength, signal);
		// The browser may keep a Blob outside of memory. A hasher may take the buffer away, so it comes second.
		pieces.push(new Blob([piece]));
		await hasher?.update(piece);
		onBytes(done, expected ?? reply.total ?? done);
	}
	const size = expected ?? reply.total;
	if (size !== null && done !== size) throw wrongSize(path, size, done);
	const blob = new Blob(pieces);
	const hasDigest = hasher === null || (await hasher.digest()) === sha256;
	const hasBlobId = gitBlob === null || (await blobIdOf(blob)) === gitBlob;
	if (!hasDigest || !hasBlobId)
		throw new AppError('download/digest-mismatch', { details: { path } });
	return blob;
}

async function blobIdOf(blob: Blob): Promise<string> {
	return gitBlobId(new Uint8Array(await blob.arrayBuffer()));
}

function isPage({ contentType }: RangeReply, path: string): boolean {
	return contentType === 'text/html' && !/\.html?$/i.test(path);
}

function tooLarge(path: string, limit: number): AppError {
	return new AppError('download/too-large', { details: { path, limit: `${limit / 1e6} MB` } });
}

function wrongSize(path: string, expected: number, actual: number): AppError {
	return new AppError('download/size-mismatch', { details: { path, expected, actual } });
}
