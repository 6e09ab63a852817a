import { expect, test, vi } from 'vitest';
import { describeClock } from '../testing/contracts/clock.ts';
import { SystemClock } from './system-clock.ts';

describeClock('SystemClock', () => ({ clock: new SystemClock(), pass: () => Promise.resolve() }));

test('SystemClock tells the time of this machine', () => {
	const before = Date.now();
	expect(new SystemClock().now()).toBeGreaterThanOrEqual(before);
});

test('SystemClock leaves no timer and no listener behind', async () => {
	vi.useFakeTimers();
	const controller = new AbortController();
	const remove = vi.spyOn(controller.signal, 'removeEventListener');
	const slept = new SystemClock().sleep(1000, controller.signal);
	await vi.advanceTimersByTimeAsync(1000);
	await slept;
	expect(remove).toHaveBeenCalledOnce();

	const cancelled = new SystemClock().sleep(1000, controller.signal);
	controller.abort();
	await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
	expect(vi.getTimerCount()).toBe(0);
	vi.useRealTimers();
});

test('SystemClock sleeps on when a timer has reached its longest time', async () => {
	vi.useFakeTimers();
	const month = 31 * 24 * 3_600_000;
	let woke = false;
	void new SystemClock().sleep(month).then(() => (woke = true));
	await vi.advanceTimersByTimeAsync(month - 1);
	expect(woke).toBe(false);
	await vi.advanceTimersByTimeAsync(1);
	expect(woke).toBe(true);
	vi.useRealTimers();
});
