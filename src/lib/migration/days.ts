/** Milliseconds in that many days. */
export function days(count: number): number {
	return count * 86_400_000;
}
