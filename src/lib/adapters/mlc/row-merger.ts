import type { BranchShare } from '../onnx/side-branch.ts';
import { halfFloats } from '../onnx/half-floats.ts';
import type { LoraModule } from '../lora-module.ts';
import { decodeFloats, floatSizes, type FloatFormat } from '../peft/float-decoding.ts';
import type { WeightLayer } from './weight-layer.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** What numbers are written as once something was added to them: the sum of two that fit in 16 bits may not. */
export const writtenAs = { F16: 'F16', F32: 'F32', BF16: 'F32' } as const;

/**
 * Adds B·A of all shares to the weights of one layer, whose bytes it is given in pieces. A sum is made with all digits,
 * and then rounded to the nearest number that the layer can hold.
 */
export class RowMerger {
	readonly #format: FloatFormat;
	readonly #shares: readonly BranchShare<WeightLayer>[];
	readonly #row: Float32Array<ArrayBuffer>;
	readonly #sums: Float64Array<ArrayBuffer>;
	/** The beginning of a row whose end has not come yet. */
	readonly #begun: Bytes;
	#held = 0;
	#next = 0;

	constructor(
		{ inSize }: WeightLayer,
		format: FloatFormat,
		shares: readonly BranchShare<WeightLayer>[]
	) {
		this.#format = format;
		this.#shares = shares;
		this.#row = new Float32Array(inSize);
		this.#sums = new Float64Array(inSize);
		this.#begun = new Uint8Array(inSize * floatSizes[format]);
	}

	/** The next bytes of the layer. Returns the rows that are whole by now. */
	push(bytes: Bytes): Bytes {
		const size = this.#begun.byteLength;
		const rows = Math.floor((this.#held + bytes.byteLength) / size);
		const written = new Uint8Array(rows * this.#row.length * floatSizes[writtenAs[this.#format]]);
		const stride = written.byteLength / Math.max(rows, 1);
		let from = 0;
		for (let row = 0; row < rows; row++) {
			const missing = size - this.#held;
			written.set(this.#merged(this.#whole(bytes.subarray(from, from + missing))), row * stride);
			from += missing;
		}
		this.#begun.set(bytes.subarray(from), this.#held);
		this.#held += bytes.byteLength - from;
		return written;
	}

	/** A row, of what was held back and its end. */
	#whole(end: Bytes): Bytes {
		if (this.#held === 0) return end;
		this.#begun.set(end, this.#held);
		this.#held = 0;
		return this.#begun;
	}

	#merged(bytes: Bytes): Bytes {
		const at = this.#next++;
		const shares = this.#shares.filter(({ placement: { column, rows } }) =>
			isWithin(at, column, rows)
		);
		if (shares.length === 0 && this.#format === writtenAs[this.#format]) return bytes;
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		decodeFloats(view, this.#format, this.#row);
		if (shares.length > 0) this.#add(at, shares);
		const written = this.#format === 'F16' ? halfFloats(this.#row) : this.#row;
		return new Uint8Array(written.buffer);
	}

	#add(at: number, shares: readonly BranchShare<WeightLayer>[]): void {
		const sums = this.#sums;
		sums.set(this.#row);
		for (const { module, factor, placement } of shares)
			addRow(sums, module, placement.row + at - placement.column, factor);
		this.#row.set(sums);
		if (this.#format === 'F16') roundToOdd(sums, this.#row);
	}
}

/** Adds a row of B·A, times a factor. Four ranks in one go: most of the time goes into fetching and storing the sums. */
function addRow(sums: Float64Array, module: LoraModule, row: number, factor: number): void {
	const { a, b, rank, inSize } = module;
	const weight = (own: number): number => (own < rank ? (b[row * rank + own] ?? 0) * factor : 0);
	for (let own = 0; own < rank; own += 4) {
		const [b0, b1, b2, b3] = [weight(own), weight(own + 1), weight(own + 2), weight(own + 3)];
		// What is beyond the last rank is multiplied by zero.
		const start = (of: number): number => Math.min(of, rank - 1) * inSize;
		const [a0, a1, a2, a3] = [start(own), start(own + 1), start(own + 2), start(own + 3)];
		for (let at = 0; at < inSize; at++)
			sums[at] =
				(sums[at] ?? 0) +
				b0 * (a[a0 + at] ?? 0) +
				b1 * (a[a1 + at] ?? 0) +
				b2 * (a[a2 + at] ?? 0) +
				b3 * (a[a3 + at] ?? 0);
	}
}

/**
 * Of the two 32-bit floats around a sum, the odd one: what is rounded a second time, to 16 bits, then comes out as if it
 * had been rounded once. The nearest one does as well, but where it lies in the middle between two 16-bit floats.
 */
function roundToOdd(sums: Float64Array, into: Float32Array): void {
	const bits = new Uint32Array(into.buffer, into.byteOffset, into.length);
	for (let at = 0; at < sums.length; at++) {
		const own = bits[at] ?? 0;
		if ((own & 0x1fff) !== 0x1000 && (own & 0x7fffffff) >= leastNormalHalf) continue;
		const sum = sums[at] ?? 0;
		const nearest = into[at] ?? 0;
		if (nearest !== sum) bits[at] = (own - (Math.abs(nearest) > Math.abs(sum) ? 1 : 0)) | 1;
	}
}

/** 2⁻¹⁴, as the bits of a 32-bit float: the middles between lesser ones are elsewhere. */
const leastNormalHalf = 0x38800000;

function isWithin(at: number, start: number, length: number): boolean {
	return at >= start && at < start + length;
}
