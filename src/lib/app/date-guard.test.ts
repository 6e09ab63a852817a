import { beforeEach, expect, test } from 'vitest';
import { days } from '../migration/days.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { DateGuard } from './date-guard.ts';

const start = Date.UTC(2026, 5, 1);
let clock: ManualClock;
let records: MemoryRecordStore;

beforeEach(() => {
	clock = new ManualClock(start);
	records = new MemoryRecordStore();
});

/** As the app asks at each start. */
const today = () => new DateGuard({ records, clock }).today();

test('is the date of the device', async () => {
	expect(await today()).toBe(start);
	clock.jump(days(8));
	expect(await today()).toBe(start + days(8));
});

test('stays where it was when the clock leaps ahead, until it has said so for a day', async () => {
	await today();
	clock.jump(days(4000));
	expect([await today(), await today()]).toEqual([start, start]);
	clock.jump(days(1));
	expect(await today()).toBe(start + days(4001));
});

test('is right again when the clock is', async () => {
	await today();
	clock.jump(days(4000));
	await today();
	clock.jump(-days(3999));
	expect(await today()).toBe(start + days(1));
});
