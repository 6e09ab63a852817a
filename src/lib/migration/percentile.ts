/** Of the middle two where there are two; null of nothing. */
export function median(values: readonly number[]): number | null {
	return percentile(values, 0.5);
}

/** The value below which that share (0…1) of the values lies, between the two nearest; null of nothing. */
export function percentile(values: readonly number[], share: number): number | null {
	const sorted = [...values].sort((a, b) => a - b);
	const place = (sorted.length - 1) * share;
	const lower = sorted[Math.floor(place)];
	const upper = sorted[Math.ceil(place)];
	if (lower === undefined || upper === undefined) return null;
	return lower + (upper - lower) * (place - Math.floor(place));
}
