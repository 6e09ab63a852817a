import { AppError } from '../../core/errors.ts';
import type { ByteCursor } from './byte-cursor.ts';
import { clip } from './clip.ts';
import { decodeFloats, floatSizes } from './float-decoding.ts';
import { unreadable } from './refusals.ts';
import type { TensorEntry } from './safetensors-header.ts';
import { readTensorName } from './tensor-name.ts';

export interface Tensor {
	/** All finite. */
	readonly values: Float32Array<ArrayBuffer>;
	readonly isZero: boolean;
}

/** Numbers that are decoded at once. */
const batch = 16_384;

/** The next numbers of a file. Errors: `adapter/unreadable`, `adapter/not-finite`. */
export async function readTensor(cursor: ByteCursor, entry: TensorEntry): Promise<Tensor> {
	const values = allocate(cursor.path, entry.count);
	const size = floatSizes[entry.format];
	const bytes = new Uint8Array(Math.min(batch, entry.count) * size);
	const view = new DataView(bytes.buffer);
	let isZero = true;
	for (let done = 0; done < entry.count; done += batch) {
		const part = values.subarray(done, done + batch);
		await cursor.fill(bytes.subarray(0, part.length * size));
		decodeFloats(view, entry.format, part);
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
