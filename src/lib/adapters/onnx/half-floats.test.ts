import { describe, expect, it } from 'vitest';
import { halfFloats } from './half-floats.ts';

/** The numbers as the runtime's own 16-bit array holds them. */
function bitsOf(values: Float32Array): Uint16Array {
	return new Uint16Array(Float16Array.from(values).buffer);
}

describe('halfFloats', () => {
	it('gives back every half float', () => {
		const all = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits);
		const values = Float32Array.from(new Float16Array(all.buffer));
		const isNumber = (bits: number): boolean => (bits & 0x7fff) <= 0x7c00;
		expect(halfFloats(values).filter((_, at) => isNumber(at))).toEqual(all.filter(isNumber));
	});

	it('rounds what lies between them as the runtime does, also ties and the smallest ones', () => {
		const values = Float32Array.from({ length: 200_000 }, (_, at) => {
			// Every part of the range, up to beyond both ends.
			const exponent = -27 + (at % 45);
			return (at % 2 ? -1 : 1) * 2 ** exponent * (1 + ((at * 2_654_435_761) % 2 ** 23) / 2 ** 23);
		});
		expect(halfFloats(values)).toEqual(bitsOf(values));
		const ties = Float32Array.from({ length: 4096 }, (_, at) => 1 + at / 2048);
		expect(halfFloats(ties)).toEqual(bitsOf(ties));
	});

	it.each([
		[65504, 0x7bff],
		[65519.996, 0x7bff],
		[65520, 0x7c00],
		[Infinity, 0x7c00],
		[-Infinity, 0xfc00],
		[NaN, 0x7e00],
		[-0, 0x8000],
		[2 ** -24, 1],
		[2 ** -25, 0],
		[2 ** -25 * 1.01, 1]
	])('writes %d as %d', (value, bits) => {
		expect([...halfFloats(new Float32Array([value]))]).toEqual([bits]);
	});

	it('reads only its own part of a buffer', () => {
		const values = new Float32Array([9, 1, 2, 9]).subarray(1, 3);
		expect([...halfFloats(values)]).toEqual([0x3c00, 0x4000]);
	});
});
