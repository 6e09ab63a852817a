import { throwIfAborted } from '../../core/abort.ts';
import { AppError, hasCode } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Connectivity } from '../../ports/connectivity.ts';
import type { HasherFactory } from '../../ports/hasher.ts';
import type { RangeSource } from '../../ports/range-source.ts';
import type { Bandwidth } from '../download/bandwidth.ts';
import { isTransient, retryDelay } from '../download/retry-policy.ts';
import { fileError } from '../hub/file-error.ts';
import { firstAnswer } from '../hub/first-answer.ts';
import { gitBlobId } from '../hub/git-blob-id.ts';
import { piecesOf } from '../hub/pieces-of.ts';
import type { OnBytes } from '../model-library.ts';
import { readRest } from './read-rest.ts';
import type { FileBeginning, FileBeginnings } from './file-beginnings.ts';
import type { ListedFile } from './listed-file.ts';

export interface FetchParts {
	readonly ranges: RangeSource;
	readonly hashers: HasherFactory;
	readonly clock: Pick<Clock, 'sleep'>;
	readonly connectivity: Pick<Connectivity, 'online' | 'whenOnline'>;
	readonly bandwidth: Pick<Bandwidth, 'take'>;
	/** 0 to 1, to spread retries. */
	readonly random: () => number;
	/** Where to download the file of a canonical address from, in order. */
	readonly addressesOf: (url: string) => readonly string[];
	/** What is left of earlier tries; what this one leaves goes there too. */
	readonly beginnings: FileBeginnings;
}

/** Tries in a row that may fail without a single new byte: somebody is looking, and can try again. */
const maxFailures = 3;

/**
 * The bytes of a file of a moderate size, whole and as listed; nothing is stored. Goes on from where an earlier try was
 * interrupted, and by itself after failures that pass; without a network it waits. `onBytes` hears fewer bytes again
 * when the file has to be begun anew, because it is another one now. What goes wrong with one host is tried with the next.
 * Errors: `download/too-large` over `limit` bytes, `download/size-mismatch`, `download/digest-mismatch`,
 * `download/web-page`, `download/offline`, `download/stalled`, `download/http`, `hub/no-host`, `hub/gated`,
 * `hub/file-missing`, `cancelled`.
 */
export async function fetchFile(
	file: ListedFile,
	limit: number,
	parts: FetchParts,
	onBytes: OnBytes,
	signal: AbortSignal
): Promise<Blob> {
	const { beginning, keep } = parts.beginnings.take(file.url);
	const fetching: Fetching = { file, limit, parts, beginning, onBytes, signal };
	try {
		return await firstAnswer(parts.addressesOf(file.url), (url) => fetchFrom(url, fetching));
	} catch (error) {
		// A page in its place is that of a network that wants people to sign in.
		const passes = isTransient(error) || hasCode(error, 'download/web-page');
		if (passes || hasCode(error, 'cancelled')) keep();
		throw error;
	}
}

interface Fetching {
	readonly file: ListedFile;
	readonly limit: number;
	readonly parts: FetchParts;
	readonly beginning: FileBeginning;
	readonly onBytes: OnBytes;
	readonly signal: AbortSignal;
}

async function fetchFrom(url: string, fetching: Fetching): Promise<Blob> {
	const { file, parts, beginning, onBytes } = fetching;
	for (const isLast of [false, true]) {
		await readAll(url, fetching);
		const blob = beginning.blob();
		if (await isAsListed(blob, file, parts.hashers)) return blob;
		const { joined } = beginning;
		beginning.clear();
		// Answers that were joined may be of two files: then it is begun anew, once.
		if (isLast || !joined) break;
		onBytes(0, file.bytes ?? 0);
	}
	throw new AppError('download/digest-mismatch', { details: { path: file.path } });
}

async function readAll(url: string, fetching: Fetching): Promise<void> {
	const { file, parts, beginning, signal } = fetching;
	const { connectivity, clock, random } = parts;
	let failures = 0;
	for (;;) {
		await connectivity.whenOnline(signal);
		const before = beginning.bytes;
		try {
			await readRest(url, fetching);
			return;
		} catch (error) {
			throwIfAborted(signal);
			if (!isTransient(error)) throw fileError(error, file.path, file.url);
			if (!connectivity.online) continue;
			failures = beginning.bytes > before ? 1 : failures + 1;
			if (failures > maxFailures) throw error;
			await clock.sleep(retryDelay(failures, random(), error), signal);
		}
	}
}

async function isAsListed(
	blob: Blob,
	{ sha256, gitBlob }: ListedFile,
	hashers: HasherFactory
): Promise<boolean> {
	if (gitBlob !== null && (await blobIdOf(blob)) !== gitBlob) return false;
	if (sha256 === null) return true;
	const hasher = await hashers.create();
	for await (const piece of piecesOf(blob.stream())) await hasher.update(piece);
	return (await hasher.digest()) === sha256;
}

async function blobIdOf(blob: Blob): Promise<string> {
	return gitBlobId(new Uint8Array(await blob.arrayBuffer()));
}
