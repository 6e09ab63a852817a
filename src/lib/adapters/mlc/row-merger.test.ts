import { expect, test } from 'vitest';
import { halfFloats } from '../onnx/half-floats.ts';
import type { BranchShare } from '../onnx/side-branch.ts';
import { RowMerger } from './row-merger.ts';
import type { WeightLayer } from './weight-layer.ts';

const oneRow: WeightLayer = {
	...{ names: [], inSize: 1, outSize: 1, format: 'F16' },
	record: { name: 'w', shape: [1, 1], dtype: 'float16', format: 'raw', byteOffset: 0, nbytes: 0 },
	shard: { dataPath: '', nbytes: 0, records: [] }
};

/** Adds those numbers to a layer of one row of half floats, and gives the bits of what comes out. */
function added(weights: readonly number[], numbers: readonly number[]): number[] {
	const layer: WeightLayer = { ...oneRow, inSize: weights.length };
	const module = {
		...{ module: 'w', rank: 1, inSize: weights.length, outSize: 1, scale: 1 },
		a: Float32Array.from(numbers),
		b: Float32Array.of(1)
	};
	const share: BranchShare<WeightLayer> = {
		...{ module, factor: 1 },
		placement: { layer, row: 0, rows: 1, column: 0 }
	};
	const bytes = new Uint8Array(halfFloats(Float32Array.from(weights)).buffer);
	const out = new RowMerger(layer, 'F16', [share]).push(bytes);
	return [...new Uint16Array(out.buffer)];
}

const bitsOf = (...values: readonly number[]): number[] => [
	...halfFloats(Float32Array.from(values))
];

test('a sum in the middle between two half floats becomes the even one', () => {
	expect(added([1, 1], [2 ** -11, 3 * 2 ** -11])).toEqual(bitsOf(1, 1 + 2 ** -9));
});

test('a sum just beside the middle is rounded once, however little is beside it', () => {
	const little = 2 ** -30;
	expect(added([1, -1], [2 ** -11 + little, -(2 ** -11) - little])).toEqual(
		bitsOf(1 + 2 ** -10, -1 - 2 ** -10)
	);
	expect(added([1 + 2 ** -10], [2 ** -11 - little])).toEqual(bitsOf(1 + 2 ** -10));
});

test('so is one between two of the smallest half floats', () => {
	const [step, little] = [2 ** -24, 2 ** -48];
	expect(added([step, step], [step / 2, step / 2 - little])).toEqual(bitsOf(2 * step, step));
	expect(added([-2 * step], [-step / 2 - little])).toEqual(bitsOf(-3 * step));
});

test.each([1, 2, 3, 4, 5, 8, 9])('all of %i ranks are added, each with its own weight', (rank) => {
	const a = Float32Array.from({ length: rank * 2 }, (_, at) => at + 1);
	const b = Float32Array.from({ length: rank }, (_, at) => 10 ** (at % 4));
	const sum = (column: number): number =>
		b.reduce((total, each, own) => total + each * (a[own * 2 + column] ?? 0), 0);
	const layer: WeightLayer = { ...oneRow, inSize: 2, format: 'F32' };
	const module = { module: 'w', rank, inSize: 2, outSize: 1, scale: 1, a, b };
	const share = { module, factor: 0.5, placement: { layer, row: 0, rows: 1, column: 0 } };
	const bytes = new Uint8Array(Float32Array.of(7, 8).buffer);
	const out = new RowMerger(layer, 'F32', [share]).push(bytes);
	expect([...new Float32Array(out.buffer)]).toEqual([7 + sum(0) / 2, 8 + sum(1) / 2]);
});

test('rows that nothing is added to keep each bit, also of what is no number', () => {
	const layer: WeightLayer = { ...oneRow, inSize: 2, format: 'F16' };
	const bytes = new Uint8Array(Uint16Array.of(0x7e01, 0x8000).buffer);
	expect(new RowMerger(layer, 'F16', []).push(bytes)).toEqual(bytes);
});

test('a sum that no half float reaches is infinite, and zero stays zero', () => {
	expect(added([65504, 0], [65504, 0])).toEqual(bitsOf(Infinity, 0));
});

test('weights of a row come out when the row is whole', () => {
	const merger = new RowMerger({ ...oneRow, inSize: 2, outSize: 2, format: 'F32' }, 'F32', []);
	const bytes = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);
	expect(merger.push(bytes.subarray(0, 7))).toHaveLength(0);
	expect(merger.push(bytes.subarray(7, 9))).toEqual(bytes.subarray(0, 8));
	expect(merger.push(bytes.subarray(9))).toEqual(bytes.subarray(8));
});
