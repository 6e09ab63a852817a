/** The number formats of weights that can be read, with the bytes of one number. */
export const floatSizes = { F32: 4, F16: 2, BF16: 2 } as const;
export type FloatFormat = keyof typeof floatSizes;

/** Decodes `into.length` numbers, low byte first, from the start of `bytes`. */
export function decodeFloats(bytes: DataView, format: FloatFormat, into: Float32Array): void {
	switch (format) {
		case 'F32':
			for (let index = 0; index < into.length; index++)
				into[index] = bytes.getFloat32(index * 4, true);
			return;
		case 'F16': {
			const table = (halves ??= halfTable());
			for (let index = 0; index < into.length; index++)
				into[index] = table[bytes.getUint16(index * 2, true)] ?? 0;
			return;
		}
		case 'BF16': {
			// The upper half of a float with the same value.
			const bits = new Uint32Array(into.buffer, into.byteOffset, into.length);
			for (let index = 0; index < into.length; index++)
				bits[index] = bytes.getUint16(index * 2, true) << 16;
		}
	}
}

let halves: Float32Array | undefined;

/** The value of each of the 65,536 half floats: `Float16Array` is too young for some browsers with WebGPU. */
function halfTable(): Float32Array {
	return Float32Array.from({ length: 2 ** 16 }, (_, bits) => {
		const sign = bits & 0x8000 ? -1 : 1;
		const exponent = (bits >> 10) & 0x1f;
		const fraction = bits & 0x3ff;
		if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
		if (exponent === 0) return sign * fraction * 2 ** -24;
		return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
	});
}
