import { expect, test } from 'vitest';
import { ManualClock } from '../../testing/manual-clock.ts';
import { throttled } from './throttled.ts';

test('the first and the last report come through, and between them one per interval', async () => {
	const clock = new ManualClock();
	const heard: number[] = [];
	const report = throttled(clock, 100, (done) => heard.push(done));
	report(1, 10);
	report(2, 10);
	await clock.advance(99);
	report(3, 10);
	await clock.advance(1);
	report(4, 10);
	report(5, 10);
	report(10, 10);
	expect(heard).toEqual([1, 4, 10]);
});

test('that something is begun anew comes through at once', () => {
	const heard: number[] = [];
	const report = throttled(new ManualClock(), 100, (done) => heard.push(done));
	for (const done of [5, 6, 0, 1]) report(done, 10);
	expect(heard).toEqual([5, 0]);
});
