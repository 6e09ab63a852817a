import { describe, expect, test } from 'vitest';
import { estimateDuration, formatDuration } from './estimate.ts';

describe('estimateDuration', () => {
	test('is a range around what was measured', () => {
		expect(estimateDuration(1000, [{ items: 10, ms: 100 }])).toEqual({ low: 8000, high: 15_000 });
	});

	test('spans the fastest and the slowest sample', () => {
		const samples = [
			{ items: 10, ms: 100 },
			{ items: 10, ms: 300 }
		];
		expect(estimateDuration(100, samples)).toEqual({ low: 800, high: 4500 });
	});

	test('is unknown without a sample that says anything', () => {
		expect(estimateDuration(10, [])).toBeNull();
		expect(estimateDuration(10, [{ items: 0, ms: 5 }])).toBeNull();
		expect(estimateDuration(10, [{ items: 5, ms: 0 }])).toBeNull();
	});
});

describe('formatDuration', () => {
	const minutes = (low: number, high: number) =>
		formatDuration({ low: low * 60_000, high: high * 60_000 });

	test.each([
		[0.1, 0.5, 'less than a minute'],
		[0.5, 1, 'about 1 minute'],
		[2.9, 3, '2–3 minutes'],
		[0.2, 4, '1–4 minutes'],
		[40, 95, '0.5–2 hours'],
		[60, 150, '1–2.5 hours'],
		[10, 500, '0.5–8.5 hours']
	])('%d to %d minutes: %s', (low, high, text) => {
		expect(minutes(low, high)).toBe(text);
	});
});
