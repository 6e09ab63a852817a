import { AppError } from '../../core/errors.ts';
import type { ModelFile } from '../model-files.ts';
import { streamOf } from '../onnx/stream-of.ts';
import type { SideBranch } from '../onnx/side-branch.ts';
import { floatSizes, type FloatFormat } from '../peft/float-decoding.ts';
import { RowMerger, writtenAs } from './row-merger.ts';
import type { WeightLayer } from './weight-layer.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** The weights of one layer in a file, and what is added to them. */
export interface WeightEdit {
	readonly branch: SideBranch<WeightLayer>;
	readonly format: FloatFormat;
}

/** By how many bytes the weights of the layer grow. */
export function editGrowth({ branch: { layer }, format }: WeightEdit): number {
	const wider = floatSizes[writtenAs[format]] - floatSizes[format];
	return layer.inSize * layer.outSize * wider;
}

/**
 * A file of weights with the edits made as it is read: no more than a piece and a row of it are held. They come in the
 * order of the file and do not overlap. The stream fails with `storage/corrupt` where the file is not as long as it is
 * said to be. Read it once.
 */
export function mergeShard(
	{ bytes, body }: ModelFile,
	edits: readonly WeightEdit[],
	path: string
): ModelFile {
	const grown = edits.reduce((sum, edit) => sum + editGrowth(edit), bytes);
	return { bytes: grown, body: streamOf(merged(body, bytes, edits, path)) };
}

async function* merged(
	body: ReadableStream<Bytes>,
	bytes: number,
	edits: readonly WeightEdit[],
	path: string
): AsyncGenerator<Bytes, void> {
	const reader = body.getReader();
	const waiting = edits.map(({ branch: { layer, shares }, format }) => ({
		start: layer.record.byteOffset,
		end: layer.record.byteOffset + layer.record.nbytes,
		merger: new RowMerger(layer, format, shares)
	}));
	let offset = 0;
	try {
		for (;;) {
			const { done, value } = await reader.read();
			if (done) break;
			for (let rest = value; rest.byteLength > 0;) {
				const [edit] = waiting;
				const isInside = edit !== undefined && offset >= edit.start;
				const until = isInside ? edit.end : (edit?.start ?? Infinity);
				const piece = rest.subarray(0, until - offset);
				const out = isInside ? edit.merger.push(piece) : piece;
				if (out.byteLength > 0) yield out;
				offset += piece.byteLength;
				rest = rest.subarray(piece.byteLength);
				if (offset === edit?.end) waiting.shift();
			}
		}
		if (offset !== bytes) throw new AppError('storage/corrupt', { details: { what: path } });
	} finally {
		await reader.cancel().catch(() => undefined);
	}
}
