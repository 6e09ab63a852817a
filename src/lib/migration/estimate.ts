import type { Range } from './plan.ts';

/** So many texts, questions or bytes in so many milliseconds. */
export interface TimedSample {
	readonly items: number;
	readonly ms: number;
}

/** A sample is not the whole: texts differ, and a device that works for long gets warm and slow. */
const faster = 0.8;
const slower = 1.5;

/**
 * How long so many more will take, in milliseconds, from samples measured on this device.
 * Null without a sample that says anything.
 */
export function estimateDuration(items: number, samples: readonly TimedSample[]): Range | null {
	const each = samples
		.filter((sample) => sample.items > 0 && sample.ms > 0)
		.map(({ items: count, ms }) => ms / count);
	if (each.length === 0) return null;
	return {
		low: items * Math.min(...each) * faster,
		high: items * Math.max(...each) * slower
	};
}

/** A range of time for people: `2–4 minutes`, `less than a minute`. */
export function formatDuration({ low, high }: Range): string {
	if (high < 60_000) return 'less than a minute';
	const inHours = high >= 90 * 60_000;
	const unit = inHours ? 3_600_000 : 60_000;
	const from = Math.max(inHours ? 0.5 : 1, rounded(low / unit, inHours));
	const to = rounded(Math.ceil((high / unit) * (inHours ? 2 : 1)) / (inHours ? 2 : 1), inHours);
	const name = inHours ? 'hour' : 'minute';
	if (from >= to) return `about ${to} ${to === 1 ? name : `${name}s`}`;
	return `${from}–${to} ${name}s`;
}

/** Whole minutes, half hours. */
function rounded(value: number, halves: boolean): number {
	return halves ? Math.floor(value * 2) / 2 : Math.floor(value);
}
