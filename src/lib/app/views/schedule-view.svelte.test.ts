import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../core/errors.ts';
import type { MigrationPlan } from '../../migration/plan.ts';
import { MemoryDeviceConditions } from '../../testing/memory-device-conditions.ts';
import { MemoryTabHub } from '../../testing/memory-tab-channel.ts';
import type { AppMessage } from '../app-message.ts';
import { ChangeFeed } from '../change-feed.ts';
import type { ScheduledUpgrade } from '../scheduled-upgrade.ts';
import type { StartCondition } from '../start-condition.ts';
import type { EngineWish } from '../upgrade-desk.ts';
import { ScheduleView } from './schedule-view.svelte.ts';

const wish: EngineWish = { chat: null, embedding: null };
const plan = { id: 'plan' } as MigrationPlan;

/** Shared by all tabs. */
let row: ScheduledUpgrade | null;
let failure: AppError | null;
let reads: number;
let conditions: MemoryDeviceConditions;
let feed: ChangeFeed;
let view: ScheduleView;

const schedule = {
	read: async () => {
		reads++;
		if (failure) throw failure;
		return row;
	},
	set: async (wished: EngineWish, planned: MigrationPlan, when: StartCondition) => {
		if (failure) throw failure;
		const about = { id: 'next', version: 1, createdAt: 1, problem: null } as const;
		row = { ...about, wish: wished, plan: planned, when };
	},
	cancel: async () => {
		row = null;
	}
};

beforeEach(() => {
	[row, failure, reads] = [null, null, 0];
	conditions = new MemoryDeviceConditions();
	feed = new ChangeFeed(new MemoryTabHub<AppMessage>().join());
	view = new ScheduleView({ schedule, conditions, feed });
});

describe('what is scheduled', () => {
	test('is shown when it has been set, and gone when it was cancelled', async () => {
		await view.set(wish, plan, 'night');
		expect(view.scheduled).toMatchObject({ when: 'night', plan: { id: 'plan' } });
		await view.cancel();
		expect(view.scheduled).toBeNull();
	});

	test('is read again when another tab has changed it', async () => {
		await schedule.set(wish, plan, 'idle');
		feed.announce('schedule');
		await expect.poll(() => view.scheduled?.when).toBe('idle');
	});

	test('is read again when the upgrade goes on, as long as something is scheduled', async () => {
		feed.announce('upgrade');
		expect(reads).toBe(0);
		await view.set(wish, plan, 'idle');
		row = null;
		feed.announce('upgrade');
		await expect.poll(() => view.scheduled).toBeNull();
	});

	test('that cannot be stored is told, and what was there stays', async () => {
		failure = new AppError('storage/quota');
		await view.set(wish, plan, 'idle');
		expect([view.error?.code, view.scheduled]).toEqual(['storage/quota', null]);
		failure = null;
		await view.refresh();
		expect(view.error).toBeNull();
	});
});

test('a browser that does not say whether the device is charging is known', () => {
	expect(view.tellsCharging).toBe(true);
	conditions.become({ charging: null });
	expect(view.tellsCharging).toBe(false);
});
