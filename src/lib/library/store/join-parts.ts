import { AppError } from '../../core/errors.ts';
import type { BlobStore } from '../../ports/blob-store.ts';
import type { Part } from './part-plan.ts';

type PartReader = ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;

/**
 * The parts one after another as one stream, each opened only when the one before has been read.
 * The stream fails with `storage/missing` at a part that is gone and with `storage/corrupt` at one of another size.
 */
export function joinParts(
	blobs: BlobStore,
	parts: readonly Part[]
): ReadableStream<Uint8Array<ArrayBuffer>> {
	const waiting = [...parts];
	let part: Part | undefined;
	let reader: PartReader | undefined;
	let left = 0;

	async function open(next: Part): Promise<PartReader> {
		const stream = await blobs.stream(next.key);
		if (!stream) throw new AppError('storage/missing', { details: { what: next.key } });
		part = next;
		left = next.bytes;
		return stream.getReader();
	}

	/** The next bytes, or undefined after the last. */
	async function read(): Promise<Uint8Array<ArrayBuffer> | undefined> {
		for (;;) {
			if (!reader) {
				const next = waiting.shift();
				if (!next) return undefined;
				reader = await open(next);
			}
			const { done, value } = await reader.read();
			left -= value?.byteLength ?? 0;
			if (left < 0 || (done && left > 0))
				throw new AppError('storage/corrupt', { details: { what: part?.key ?? '' } });
			if (!done) return value;
			reader = undefined;
		}
	}

	return new ReadableStream<Uint8Array<ArrayBuffer>>(
		{
			async pull(controller) {
				const bytes = await read();
				if (bytes) controller.enqueue(bytes);
				else controller.close();
			},
			async cancel(reason) {
				await reader?.cancel(reason);
			}
		},
		{ highWaterMark: 0 }
	);
}
