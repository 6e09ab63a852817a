import { AppError } from '../../core/errors.ts';
import type { ModelFile } from '../model-files.ts';
import { streamOf } from './stream-of.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Takes bytes out of a file and puts others in their place. */
export interface Splice {
	readonly at: number;
	readonly remove: number;
	readonly insert: Bytes;
}

/** By how many bytes a file grows. */
export function growth(splices: readonly Splice[]): number {
	return splices.reduce((sum, { remove, insert }) => sum + insert.byteLength - remove, 0);
}

/**
 * The file with the splices made as it is read; those at one place come in the order given. They do not overlap, and lie
 * in the file, which must be `bytes` long: the stream fails with `storage/corrupt` where it is not. `what` names it then.
 */
export function spliceFile(
	{ bytes, body }: ModelFile,
	splices: readonly Splice[],
	what: string
): ModelFile {
	const sorted = splices.toSorted((a, b) => a.at - b.at);
	return { bytes: bytes + growth(splices), body: streamOf(spliced(body, bytes, sorted, what)) };
}

async function* spliced(
	body: ReadableStream<Bytes>,
	bytes: number,
	splices: readonly Splice[],
	what: string
): AsyncGenerator<Bytes, void> {
	const reader = body.getReader();
	let offset = 0;
	let next = 0;
	/** Bytes before this one are out. */
	let keepFrom = 0;
	try {
		for (;;) {
			const { done, value: piece } = await reader.read();
			if (done) break;
			const end = offset + piece.byteLength;
			let splice = splices[next];
			while (splice && splice.at < end) {
				if (splice.at > Math.max(keepFrom, offset))
					yield piece.subarray(Math.max(keepFrom - offset, 0), splice.at - offset);
				yield splice.insert;
				keepFrom = splice.at + splice.remove;
				splice = splices[++next];
			}
			if (keepFrom < end) yield piece.subarray(Math.max(keepFrom - offset, 0));
			offset = end;
		}
		if (offset !== bytes) throw new AppError('storage/corrupt', { details: { what } });
		for (const { insert } of splices.slice(next)) yield insert;
	} finally {
		await reader.cancel().catch(() => undefined);
	}
}
