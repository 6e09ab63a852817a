import { AppError } from '../../../src/lib/core/errors.ts';
import type { BlobStore } from '../../../src/lib/ports/blob-store.ts';
import type { Hasher } from '../../../src/lib/ports/hasher.ts';

/** One way to put the pieces of a download together. */
export interface PipelineSettings {
	readonly url: string;
	readonly bytes: number;
	readonly sha256: string;
	readonly partBytes: number;
	/** Parts that may be on their way to the disk while the next one is read; 0 waits for each. */
	readonly overlap: number;
	/** Where the hash of the whole file runs: not at all, where the bytes are read, or in a worker of its own. */
	readonly fileHash: 'none' | 'here' | 'worker-copy' | 'worker-transfer';
	/** Whether each part is hashed, too. */
	readonly partHash: boolean;
	/** Whether parts are stored. */
	readonly store: boolean;
}

export interface PipelineParts {
	readonly blobs: BlobStore;
	readonly hasher: Hasher | null;
	/** Hashes a part and gives its buffer back; null to use `hasher`. */
	readonly transfer: ((part: Part) => Promise<Part>) | null;
}

type Part = Uint8Array<ArrayBuffer>;

/** Reads a file over the network and keeps it in parts, in the way that the settings say. */
export async function runPipeline(
	settings: PipelineSettings,
	{ blobs, hasher, transfer }: PipelineParts
): Promise<void> {
	const { body } = await fetch(settings.url, { cache: 'no-store' });
	if (!body) throw new AppError('bug', { details: { reason: 'no body' } });
	const free: Part[] = [];
	const underWay: Promise<void>[] = [];
	let hashed = Promise.resolve();

	const keep = async (buffer: Part, filled: number, index: number): Promise<void> => {
		const part = buffer.subarray(0, filled);
		if (hasher) hashed = hashed.then(() => hasher.update(part));
		await Promise.all([
			settings.partHash ? crypto.subtle.digest('SHA-256', part) : null,
			settings.store ? blobs.put(String(index), part) : null,
			hashed
		]);
		free.push(transfer ? await transfer(part) : buffer);
	};

	let index = 0;
	let buffer: Part = new Uint8Array(settings.partBytes);
	let filled = 0;
	const endPart = async (): Promise<void> => {
		underWay.push(keep(buffer, filled, index++));
		if (underWay.length > settings.overlap) await underWay.shift();
		buffer = free.pop() ?? new Uint8Array(settings.partBytes);
		filled = 0;
	};

	for (const reader = body.getReader(); ;) {
		const { done, value } = await reader.read();
		if (done) break;
		for (let rest = value; rest.byteLength > 0;) {
			const taken = rest.subarray(0, settings.partBytes - filled);
			buffer.set(taken, filled);
			filled += taken.byteLength;
			rest = rest.subarray(taken.byteLength);
			if (filled === settings.partBytes) await endPart();
		}
	}
	if (filled > 0) await endPart();
	await Promise.all(underWay);
	if (hasher && (await hasher.digest()) !== settings.sha256)
		throw new AppError('bug', { details: { reason: 'a wrong digest' } });
}
