/** The nearest 16-bit floats (IEEE 754, ties to even), as their bits. Beyond 65,504 they are infinite. */
export function halfFloats(values: Float32Array): Uint16Array<ArrayBuffer> {
	const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
	return Uint16Array.from(bits, halfOf);
}

function halfOf(bits: number): number {
	const sign = (bits >>> 16) & 0x8000;
	const rest = bits & 0x7fffffff;
	if (rest > 0x7f800000) return sign | 0x7e00;
	// From the middle between the greatest half float and what would come after it.
	if (rest >= 0x477ff000) return sign | 0x7c00;
	if (rest >= 0x38800000) return sign | roundedShift(rest - 0x38000000, 13);
	// Too small for a half float of full precision; below half of the smallest one it is zero.
	const exponent = rest >>> 23;
	if (exponent < 102) return sign;
	return sign | roundedShift((rest & 0x7fffff) | 0x800000, 126 - exponent);
}

function roundedShift(value: number, by: number): number {
	const shifted = value >>> by;
	const lost = value & (2 ** by - 1);
	const half = 2 ** (by - 1);
	return lost > half || (lost === half && shifted % 2 === 1) ? shifted + 1 : shifted;
}
