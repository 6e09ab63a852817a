import { describe, expect, it } from 'vitest';
import { decodeFloats, type FloatFormat } from './float-decoding.ts';

function decoded(format: FloatFormat, bits: readonly number[]): number[] {
	const size = format === 'F32' ? 4 : 2;
	const view = new DataView(new ArrayBuffer(bits.length * size));
	for (const [index, each] of bits.entries())
		if (size === 4) view.setUint32(index * 4, each, true);
		else view.setUint16(index * 2, each, true);
	const values = new Float32Array(bits.length);
	decodeFloats(view, format, values);
	return [...values];
}

describe('decodeFloats', () => {
	it('reads floats', () => {
		expect(decoded('F32', [0x3f800000, 0xc0490fdb, 0x00000001])).toEqual([
			1,
			Math.fround(-Math.PI),
			2 ** -149
		]);
	});

	it('reads every half float as the platform does', () => {
		const all = Array.from({ length: 2 ** 16 }, (_, bits) => bits);
		const expected = new Float32Array(new Float16Array(Uint16Array.from(all).buffer));
		expect(decoded('F16', all)).toEqual([...expected]);
	});

	it('reads the short floats of training', () => {
		expect(decoded('BF16', [0x3f80, 0xbf80, 0x0000, 0x4049, 0x7f80, 0x0001])).toEqual([
			1,
			-1,
			0,
			3.140625,
			Number.POSITIVE_INFINITY,
			2 ** -133
		]);
		expect(decoded('BF16', [0x7fc0])).toEqual([Number.NaN]);
	});

	it('writes into a part of a larger list', () => {
		const whole = new Float32Array(4);
		const view = new DataView(Uint16Array.from([0x3f80, 0x4000]).buffer);
		decodeFloats(view, 'BF16', whole.subarray(1, 3));
		expect([...whole]).toEqual([0, 1, 2, 0]);
	});
});
