import { describe, expect, test } from 'vitest';
import type { Clock } from '../../ports/clock.ts';

export interface ClockUnderTest {
	readonly clock: Clock;
	/** Makes sure that time passes: for a clock that moves by itself, nothing. */
	readonly pass: (ms: number) => Promise<void>;
}

/** The promises of `Clock`, checked on one implementation. */
export function describeClock(name: string, make: () => ClockUnderTest): void {
	describe(`${name} as a Clock`, () => {
		test('sleeps until the time has come', async () => {
			const { clock, pass } = make();
			const before = clock.monotonic();
			const sleeping = clock.sleep(20);
			await pass(20);
			await sleeping;
			// Timers of browsers may be early by a rounding.
			expect(clock.monotonic() - before).toBeGreaterThan(18);
		});

		test('wakes sleepers in the order of their time, not of their asking', async () => {
			const { clock, pass } = make();
			const log: string[] = [];
			const all = Promise.all([
				clock.sleep(40).then(() => log.push('late')),
				clock.sleep(5).then(() => log.push('early'))
			]);
			await pass(40);
			await all;
			expect(log).toEqual(['early', 'late']);
		});

		test('does not sleep for 0 or less', async () => {
			const { clock } = make();
			await expect(Promise.all([clock.sleep(0), clock.sleep(-5)])).resolves.toHaveLength(2);
		});

		test('wakes with `cancelled` when the signal aborts', async () => {
			const { clock } = make();
			const controller = new AbortController();
			const sleeping = clock.sleep(3_600_000, controller.signal);
			controller.abort();
			await expect(sleeping).rejects.toMatchObject({ code: 'cancelled' });
		});

		test('does not fall asleep under a signal that has aborted', async () => {
			const { clock } = make();
			const sleeping = clock.sleep(3_600_000, AbortSignal.abort());
			await expect(sleeping).rejects.toMatchObject({ code: 'cancelled' });
		});

		test('sleeps longer than a timer can count', async () => {
			const { clock } = make();
			const controller = new AbortController();
			let woke = false;
			const sleeping = clock.sleep(2 ** 31 + 1000, controller.signal).then(() => (woke = true));
			await Promise.race([sleeping, make().clock.sleep(0)]);
			expect(woke).toBe(false);
			controller.abort();
			await expect(sleeping).rejects.toMatchObject({ code: 'cancelled' });
		});
	});
}
