import type { Range } from '$lib/migration/plan.ts';

/** A range of seconds for people: `40 s to 2 min`. */
export function durationRange({ low, high }: Range): string {
	const [from, to] = [duration(low), duration(high)];
	return from === to ? `about ${from}` : `${from} to ${to}`;
}

function duration(seconds: number): string {
	if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
	if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
	return `${(seconds / 3600).toFixed(1)} h`;
}
