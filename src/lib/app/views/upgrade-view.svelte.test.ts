import { beforeEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../../core/errors.ts';
import { gateReportStore } from '../../migration/migration-records.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { MemoryTabHub } from '../../testing/memory-tab-channel.ts';
import { MigrationWorld } from '../../testing/migration-world.ts';
import type { AppMessage } from '../app-message.ts';
import { ChangeFeed } from '../change-feed.ts';
import { UpgradeBroadcast } from '../upgrade-broadcast.ts';
import { UpgradeView } from './upgrade-view.svelte.ts';

let world: MigrationWorld;
let hub: MemoryTabHub<AppMessage>;
let clock: ManualClock;
/** Reads of reports by the view, and why they fail. */
let reads: number;
let failure: AppError | null;

beforeEach(async () => {
	world = await MigrationWorld.create();
	hub = new MemoryTabHub<AppMessage>();
	clock = new ManualClock();
	reads = 0;
	failure = null;
});

/** The view in a tab of its own, with the real controller. */
function opened({ leads = true } = {}) {
	const { controller } = world.open();
	const channel = hub.join();
	const feed = new ChangeFeed(channel);
	const live = new UpgradeBroadcast({ channel, clock });
	const heard: string[] = [];
	const records = Object.create(world.disk, {
		get: {
			value: (...args: Parameters<typeof world.disk.get>) => {
				if (args[0].name === gateReportStore.name) reads++;
				if (failure) throw failure;
				return world.disk.get(...args);
			}
		}
	}) as typeof world.disk;
	const view = new UpgradeView({ controller, records, feed, live, leads: () => leads });
	feed.on('upgrade', () => heard.push(view.view?.phase ?? 'none'));
	return { view, heard, feed };
}

describe('an upgrade', () => {
	test('is working from its start to the trial, then on trial, then neither', async () => {
		const { view, feed } = opened();
		expect([view.view, view.working, view.trial, view.target]).toEqual([null, false, false, null]);
		const plan = world.plan();
		const seen: unknown[] = [];
		feed.on('upgrade', () => seen.push([view.working, view.target]));
		await view.start(plan);
		expect(seen[0]).toEqual([true, plan.to]);
		expect([view.working, view.trial, view.target]).toEqual([false, true, null]);
		await view.keep();
		expect([view.working, view.trial, view.view?.outcome]).toEqual([false, false, 'committed']);
	});

	test('can be kept longer, and tells the others', async () => {
		const { view, heard } = opened();
		await view.start(world.plan());
		const before = view.view!.keepUntil!;
		heard.length = 0;
		await view.keepLonger(7);
		expect(view.view!.keepUntil! - before).toBe(7 * 86_400_000);
		expect([view.trial, heard]).toEqual([true, ['trial']]);
	});

	test('can be undone', async () => {
		const { view } = opened();
		await view.start(world.plan());
		await view.undo();
		expect(view.view?.outcome).toBe('rolled-back');
		expect((await world.record()).current).toEqual(world.oldSetup);
	});

	test('can be slowed down under way, and urged on while it holds', async () => {
		const { view } = opened();
		world.conditions.become({ lowBattery: true });
		const running = view.start(world.plan());
		await expect.poll(() => view.view?.holding ?? '').toContain('battery');
		await view.setSpeed('when-idle');
		expect([view.view?.speed, view.view?.phase]).toEqual(['when-idle', 'running']);
		await view.goOnNow();
		await running;
		expect([view.trial, view.error]).toEqual([true, null]);
	});

	test('waits for the user where the plan says so', async () => {
		const { view } = opened();
		await view.start(world.plan({}, { switchMoment: 'ask' }));
		expect([view.view?.waitingFor, view.working]).toEqual(['switch-approval', true]);
		await view.approveSwitch();
		expect(view.trial).toBe(true);
	});

	test('goes on in a tab that is opened later', async () => {
		await opened().view.start(world.plan({}, { switchMoment: 'ask' }));
		const { view } = opened();
		await view.resumeUnfinished(world.clock.now(), new AbortController().signal);
		expect(view.view?.waitingFor).toBe('switch-approval');
		await view.stop();
		expect(view.view?.outcome).toBe('rolled-back');
	});
});

describe('an error', () => {
	test('of a command is shown, until the next command', async () => {
		const { view } = opened();
		await view.keep();
		expect(view.error?.code).toBe('migration/refused');
		await view.start(world.plan());
		expect(view.error).toBeNull();
	});

	test('of reading the report is shown, and the upgrade goes on', async () => {
		const { view } = opened();
		failure = new AppError('storage/corrupt');
		await view.start(world.plan());
		await expect.poll(() => view.error?.code).toBe('storage/corrupt');
		expect(view.trial).toBe(true);
	});
});

describe('the report of the comparison', () => {
	test('is read once, when there is one', async () => {
		const { view } = opened();
		await view.start(world.plan());
		await expect.poll(() => view.report?.planId).toBe('plan-1');
		expect(view.report?.passed).toBe(true);
		expect(reads).toBe(1);
	});

	test('of one upgrade is not shown with the next', async () => {
		const { view } = opened();
		await view.start(world.plan());
		await expect.poll(() => view.report).not.toBeNull();
		await view.undo();
		const gate = { enabled: false, queries: 0, maxRecallLoss: 0 };
		await view.start({ ...world.plan({}, { gate }), id: 'plan-2' as never });
		expect(view.trial).toBe(true);
		expect(view.report).toBeNull();
	});
});

describe('a command that could not be written', () => {
	/** The disk refuses that many commits after so many more have gone well. */
	function refuseCommit(after: number): void {
		const commit = world.disk.commit.bind(world.disk);
		let made = 0;
		vi.spyOn(world.disk, 'commit').mockImplementation((...args) =>
			made++ === after ? Promise.reject(new AppError('storage/quota')) : commit(...args)
		);
	}

	test.each([0, 1, 2, 3])(
		'is shown and can be given again: Undo, cut short after %i writes',
		async (writes) => {
			const { view } = opened();
			await view.start(world.plan());
			expect([view.trial, view.canTryAgain]).toEqual([true, false]);
			refuseCommit(writes);
			await view.undo();
			expect(view.error?.code).toBe('storage/quota');
			expect(view.canTryAgain).toBe(true);

			await view.tryAgain();
			expect([view.error, view.canTryAgain]).toEqual([null, false]);
			expect(view.view?.outcome).toBe('rolled-back');
			expect((await world.record()).current).toEqual(world.oldSetup);
		}
	);

	test('is not offered again where it was refused, or where the wizard goes back a page', async () => {
		const { view } = opened();
		await view.keep();
		expect([view.error?.code, view.canTryAgain]).toEqual(['migration/refused', false]);
		refuseCommit(0);
		await view.start(world.plan());
		expect([view.error?.code, view.canTryAgain]).toEqual(['storage/quota', false]);
	});
});

describe('other tabs', () => {
	test('hear of each change of state from the tab that leads, once', async () => {
		const { view, heard } = opened();
		await view.start(world.plan());
		expect(heard.at(-1)).toBe('trial');
		expect(heard.filter((phase) => phase === 'trial')).toHaveLength(1);
	});

	test('show what they are told, where it fits what they have read', async () => {
		await opened().view.start(world.plan({}, { switchMoment: 'ask' }));
		const [follower, leader] = [opened({ leads: false }), opened()];
		await Promise.all([follower.view.refresh(), leader.view.refresh()]);
		const read = follower.view.view!;
		const channel = hub.join();
		channel.post({ type: 'upgrade-progress', view: { ...read, fraction: 0.123 } });
		await expect.poll(() => follower.view.view?.fraction).toBe(0.123);
		expect(leader.view.view?.fraction).toBe(read.fraction);
		channel.post({ type: 'upgrade-progress', view: { ...read, phase: 'done', fraction: 1 } });
		await follower.view.refresh();
		expect([follower.view.view?.phase, follower.view.view?.fraction]).toEqual(['waiting', 0.123]);
	});

	test('that follow show the same, and tell nobody', async () => {
		const follower = opened({ leads: false });
		const { view } = opened();
		await view.start(world.plan());
		await expect.poll(() => follower.view.trial).toBe(true);
		await expect.poll(() => follower.view.report?.passed).toBe(true);
		await view.undo();
		await expect.poll(() => follower.view.view?.outcome).toBe('rolled-back');
		expect(follower.view.error).toBeNull();
	});

	test('are shown how far the upgrade is, beyond what its journal says', async () => {
		const told: number[] = [];
		hub.join().listen((message) => {
			if (message.type === 'upgrade-progress') told.push(message.view.fraction);
		});
		await opened().view.start(world.plan());
		await clock.advance(250);
		expect(told.length).toBeGreaterThan(0);
		expect(told.at(-1)).toBe(1);
	});
});
