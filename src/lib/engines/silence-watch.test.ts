import { describe, expect, test, vi } from 'vitest';
import type { AppError } from '../core/errors.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { SilenceWatch } from './silence-watch.ts';

function setUp() {
	const clock = new ManualClock();
	const onSilence = vi.fn<(error: AppError) => void>();
	const watch = new SilenceWatch({ sleep: (ms, signal) => clock.sleep(ms, signal), onSilence });
	return { clock, onSilence, watch };
}

describe('SilenceWatch', () => {
	test('tells once that nothing has come, and for how long it waited', async () => {
		const { clock, onSilence, watch } = setUp();
		watch.expectWithin(60_000);
		await clock.advance(59_999);
		expect(onSilence).not.toHaveBeenCalled();
		await clock.advance(1);
		await clock.advance(600_000);
		expect(onSilence).toHaveBeenCalledTimes(1);
		expect(onSilence.mock.lastCall?.[0]).toMatchObject({
			code: 'engine/stalled',
			details: { seconds: 60 }
		});
	});

	test('begins anew with each sign of life', async () => {
		const { clock, onSilence, watch } = setUp();
		for (let sign = 0; sign < 5; sign++) {
			watch.expectWithin(1000);
			await clock.advance(999);
		}
		expect(onSilence).not.toHaveBeenCalled();
		expect(clock.sleeping).toBe(1);
		await clock.advance(1);
		expect(onSilence).toHaveBeenCalledTimes(1);
	});

	test('waits for nothing once it is stopped', async () => {
		const { clock, onSilence, watch } = setUp();
		watch.stop();
		watch.expectWithin(1000);
		watch.stop();
		watch.stop();
		expect(clock.sleeping).toBe(0);
		await clock.advance(5000);
		expect(onSilence).not.toHaveBeenCalled();
	});

	test('does not count the time in which the computer slept', async () => {
		const { clock, onSilence } = setUp();
		let ended = 0;
		const watch = new SilenceWatch({
			// The first timer ends at once, as one that has become due in standby.
			sleep: (ms, signal) => (ended++ === 0 ? Promise.resolve() : clock.sleep(ms, signal)),
			onSilence
		});
		watch.expectWithin(60_000);
		await clock.advance(44_999);
		expect(onSilence).not.toHaveBeenCalled();
		await clock.advance(1);
		expect(onSilence).toHaveBeenCalledTimes(1);
	});
});
