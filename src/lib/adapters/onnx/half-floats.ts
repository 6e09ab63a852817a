/** The nearest 16-bit floats (IEEE 754, ties to even), as their bits. Beyond 65,504 they are infinite. */
export function halfFloats(values: Float32Array): Uint16Array<ArrayBuffer> {
	// With a sign: without one they would be too large for the fast way of counting.
	const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
	const halves = new Uint16Array(bits.length);
	// Millions at a time: `Uint16Array.from` takes ten times as long.
	for (let at = 0; at < bits.length; at++) halves[at] = halfOf(bits[at] ?? 0);
	return halves;
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

/** Ties to even: what is just below a half is added, and one more to what is odd. */
function roundedShift(value: number, by: number): number {
	const isOdd = (value >>> by) & 1;
	return (value + (1 << (by - 1)) - 1 + isOdd) >>> by;
}
