import { AppError } from '../../core/errors.ts';
import type { ByteCursor } from './byte-cursor.ts';
import { clip } from './clip.ts';
import { decodeFloats, floatSizes } from './float-decoding.ts';
import { unreadable } from './refusals.ts';
import type { TensorEntry } from './safetensors-header.ts';
import { readTensorName } from './tensor-name.ts';

export interface Tensor {
	/** All finite; none where they were only checked. */
	readonly values: Float32Array<ArrayBuffer>;
	readonly isZero: boolean;
}

/** Numbers that are decoded at once. */
const batch = 16_384;

/** The next numbers of a file, kept or only checked. Errors: `adapter/unreadable`, `adapter/not-finite`. */
export async function readTensor(
	cursor: ByteCursor,
	entry: TensorEntry,
	keep: boolean
): Promise<Tensor> {
	const { count, format } = entry;
	const values = allocate(cursor.path, keep ? count : 0);
	const batchSize = Math.min(batch, count);
	const scratch = new Float32Array(keep ? 0 : batchSize);
	const bytes = new Uint8Array(batchSize * floatSizes[format]);
	const view = new DataView(bytes.buffer);
	let isZero = true;
	for (let done = 0; done < count; done += batch) {
		const size = Math.min(batch, count - done);
		const part = keep ? values.subarray(done, done + size) : scratch.subarray(0, size);
		await cursor.fill(bytes.subarray(0, size * floatSizes[format]));
		decodeFloats(view, format, part);
		for (const value of part) {
			if (!Number.isFinite(value)) throw notFinite(cursor.path, entry);
			if (value !== 0) isZero = false;
		}
	}
	return { values, isZero };
}

function allocate(path: string, count: number): Float32Array<ArrayBuffer> {
	try {
		return new Float32Array(count);
	} catch (error) {
		throw unreadable(path, 'there is not enough memory for it', error);
	}
}

function notFinite(path: string, { name }: TensorEntry): AppError {
	const module = clip(readTensorName(name).module);
	return new AppError('adapter/not-finite', { details: { name: path, module } });
}
