import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import type { PlanId } from '../core/ids.ts';
import type { MigrationPlan, PlanResult, Refusal } from '../migration/plan.ts';
import { CrashPoint } from '../testing/crash-point.ts';
import { MemoryDeviceConditions } from '../testing/memory-device-conditions.ts';
import { MigrationWorld } from '../testing/migration-world.ts';
import { Schedule } from './schedule.ts';
import type { ScheduleProblem } from './scheduled-upgrade.ts';
import type { EngineWish } from './upgrade-desk.ts';

const wish: EngineWish = { chat: null, embedding: null, index: { rebuild: true, chunkSize: null } };
const noRoom: Refusal = {
	reason: 'no-space',
	message: 'Too little room.',
	instead: 'Delete some.'
};
const minute = 60_000;
const hour = 60 * minute;

let world: MigrationWorld;
let conditions: MemoryDeviceConditions;
let reviewed: MigrationPlan;
let planned: PlanResult | AppError;
let replans: number;
let problems: ScheduleProblem[];
let changes: number;
/** Tabs that are open. */
let tabs: AbortController[];

beforeEach(async () => {
	world = await MigrationWorld.create();
	conditions = new MemoryDeviceConditions();
	conditions.become({ charging: false, idleMs: 0 });
	reviewed = await world.planOf('rebuild');
	// Planned anew, a plan has another id.
	planned = { ok: true, plan: { ...reviewed, id: 'another' as PlanId } };
	[replans, problems, changes, tabs] = [0, [], 0, []];
});

afterEach(() => {
	for (const tab of tabs) tab.abort();
});

/** A tab; it leads when it watches. */
function open(crash = CrashPoint.never()) {
	const tab = world.open(crash);
	const schedule = new Schedule({
		records: crash.records(world.disk),
		clock: world.clock,
		conditions,
		start: (plan, alongside) => tab.controller.start(plan, alongside),
		replan: async () => {
			replans++;
			if (planned instanceof AppError) throw planned;
			return planned;
		},
		onChange: () => {
			changes++;
		}
	});
	schedule.onProblem((problem) => problems.push(problem));
	return { ...tab, schedule };
}

function watch(schedule: Schedule): AbortController {
	const leading = new AbortController();
	tabs.push(leading);
	void schedule.watch(leading.signal);
	return leading;
}

const started = async (): Promise<string[]> =>
	(await world.open().journal.all()).map(([first]) => first!.planId);

describe('an upgrade that is to start when nobody uses the device', () => {
	test('starts then, once, under the id that it was reviewed with', async () => {
		const { schedule } = open();
		await schedule.set(wish, reviewed, 'idle');
		watch(schedule);
		await world.clock.advance(10 * minute);
		expect(await started()).toEqual([]);
		conditions.pass({ idleMs: 6 * minute });
		await world.clock.advance(minute);
		await expect.poll(started).toEqual([reviewed.id]);
		expect(await schedule.read()).toBeNull();
		await world.clock.advance(3 * hour);
		expect(replans).toBe(1);
	});

	test('is planned anew at its time', async () => {
		const fresh = { ...reviewed, needs: { ...reviewed.needs, texts: 41 } };
		planned = { ok: true, plan: { ...fresh, id: 'another' as PlanId } };
		const { schedule, journal } = open();
		await schedule.set(wish, reviewed, 'idle');
		conditions.pass({ idleMs: hour });
		watch(schedule);
		await expect.poll(started).toEqual([reviewed.id]);
		const [first] = await journal.read(reviewed.id);
		expect(first).toMatchObject({ plan: { id: reviewed.id, needs: { texts: 41 } } });
	});

	test('survives that the app is closed', async () => {
		const first = open();
		await first.schedule.set(wish, reviewed, 'idle');
		watch(first.schedule).abort();
		const second = open();
		expect(await second.schedule.read()).toMatchObject({ when: 'idle', plan: { id: reviewed.id } });
		conditions.pass({ idleMs: hour });
		watch(second.schedule);
		await expect.poll(started).toEqual([reviewed.id]);
	});

	test('does not start in a tab that does not lead', async () => {
		const { schedule } = open();
		const [follower, leader] = [open(), open()];
		await schedule.set(wish, reviewed, 'idle');
		conditions.pass({ idleMs: hour });
		await world.clock.advance(hour);
		expect(await started()).toEqual([]);
		watch(leader.schedule);
		await expect.poll(started).toEqual([reviewed.id]);
		expect(await follower.schedule.read()).toBeNull();
	});

	test('starts once even when two tabs believe that they lead', async () => {
		const [one, two] = [open(), open()];
		await one.schedule.set(wish, reviewed, 'idle');
		conditions.pass({ idleMs: hour });
		watch(one.schedule);
		watch(two.schedule);
		await expect.poll(started).toEqual([reviewed.id]);
		await world.clock.advance(2 * hour);
		expect(await started()).toEqual([reviewed.id]);
		expect(await one.schedule.read()).toBeNull();
	});
});

describe('it waits', () => {
	test('for the charger, and notices it at once', async () => {
		const { schedule } = open();
		await schedule.set(wish, reviewed, 'charging');
		watch(schedule);
		await world.clock.advance(hour);
		expect(await started()).toEqual([]);
		conditions.become({ charging: true });
		await expect.poll(started).toEqual([reviewed.id]);
	});

	test('for the night', async () => {
		const evening = new Date(2026, 5, 1, 21).getTime();
		world.clock.jump(evening - world.clock.now());
		const { schedule } = open();
		await schedule.set(wish, reviewed, 'night');
		watch(schedule);
		await world.clock.advance(hour);
		expect(await started()).toEqual([]);
		await world.clock.advance(61 * minute);
		await expect.poll(started).toEqual([reviewed.id]);
	});

	test('for nothing when it was cancelled', async () => {
		const { schedule } = open();
		await schedule.set(wish, reviewed, 'idle');
		watch(schedule);
		await schedule.cancel();
		await schedule.cancel();
		conditions.become({ idleMs: hour });
		await world.clock.advance(hour);
		expect([await started(), await schedule.read()]).toEqual([[], null]);
	});

	test('no longer when its tab gives up the lead', async () => {
		const { schedule } = open();
		await schedule.set(wish, reviewed, 'charging');
		watch(schedule).abort();
		await world.clock.advance(minute);
		conditions.become({ charging: true });
		await world.clock.advance(minute);
		expect(await started()).toEqual([]);
		expect(conditions.listening).toBe(0);
	});
});

describe('when it is refused at its time', () => {
	beforeEach(() => {
		planned = { ok: false, refusal: noRoom };
		conditions.pass({ idleMs: hour });
	});

	test('it stays, with the reason, and says so', async () => {
		const { schedule } = open();
		await schedule.set(wish, reviewed, 'idle');
		watch(schedule);
		await expect.poll(() => problems).toMatchObject([{ message: 'Too little room.' }]);
		expect((await schedule.read())?.problem).toMatchObject({
			message: 'Too little room.',
			advice: 'Delete some.'
		});
		expect(changes).toBe(2);
	});

	test('it is tried again after an hour, not twice a minute', async () => {
		const { schedule } = open();
		await schedule.set(wish, reviewed, 'idle');
		watch(schedule);
		await world.clock.advance(50 * minute);
		expect(replans).toBe(1);
		planned = { ok: true, plan: reviewed };
		await world.clock.advance(11 * minute);
		await expect.poll(started).toEqual([reviewed.id]);
	});

	test('a clock that is set back does not keep it waiting', async () => {
		const { schedule } = open();
		await schedule.set(wish, reviewed, 'idle');
		watch(schedule);
		await expect.poll(() => problems.length).toBe(1);
		world.clock.jump(-24 * hour);
		planned = { ok: true, plan: reviewed };
		await world.clock.advance(minute);
		await expect.poll(started).toEqual([reviewed.id]);
	});

	test('an error is told in the same way', async () => {
		planned = new AppError('download/offline', { details: { host: 'hub.test' } });
		const { schedule } = open();
		await schedule.set(wish, reviewed, 'idle');
		watch(schedule);
		await expect.poll(() => problems.length).toBe(1);
		expect((await schedule.read())?.problem?.message).toBe(planned.message);
	});

	test('a new choice forgets the old problem, and is tried at once', async () => {
		const { schedule } = open();
		await schedule.set(wish, reviewed, 'idle');
		watch(schedule);
		await expect.poll(() => problems.length).toBe(1);
		const next = { ...reviewed, id: 'plan-2' as PlanId };
		planned = { ok: true, plan: next };
		await schedule.set(wish, next, 'idle');
		await expect.poll(started).toEqual(['plan-2']);
	});
});

test.each([1, 2, 3].flatMap((n) => (['before', 'after'] as const).map((side) => ({ n, side }))))(
	'a crash $side write $n leaves it started once, or still scheduled',
	async ({ n, side }) => {
		conditions.pass({ idleMs: hour });
		await open().schedule.set(wish, reviewed, 'idle');
		const crash = CrashPoint.at(n, side);
		const first = open(crash);
		const leading = watch(first.schedule);
		await expect.poll(() => crash.crashed).toBe(true);
		leading.abort();
		first.locks.die();
		const second = open();
		const scheduled = (await second.schedule.read()) !== null;
		expect(await started()).toEqual(scheduled ? [] : [reviewed.id]);
		watch(second.schedule);
		await world.clock.advance(2 * hour);
		await expect.poll(started).toEqual([reviewed.id]);
		expect(await second.schedule.read()).toBeNull();
	}
);
