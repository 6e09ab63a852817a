import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import { nextTask } from '../core/next-task.ts';
import { CrashPoint } from '../testing/crash-point.ts';
import { MigrationWorld, type Tab } from '../testing/migration-world.ts';
import type { BenchCall } from '../testing/scripted-bench.ts';
import { days } from './days.ts';
import type { MigrationView } from './describe-progress.ts';

let world: MigrationWorld;
let tab: Tab;

beforeEach(async () => {
	world = await MigrationWorld.create();
	tab = world.open();
});

const types = async (): Promise<string[]> =>
	(await tab.journal.read(world.plan().id)).map(({ type }) => type);

/** Lets the new engine wait in its second batch; resolves when it has got there. */
function holdSecondBatch(): { readonly reached: Promise<void>; readonly release: () => void } {
	const reached = Promise.withResolvers<undefined>();
	const gate = Promise.withResolvers<undefined>();
	world.bench.follow({
		before: async ({ model, texts }: BenchCall) => {
			if (model !== 'new' || texts.length !== 8) return;
			reached.resolve(undefined);
			await gate.promise;
		}
	});
	return { reached: reached.promise, release: () => gate.resolve(undefined) };
}

describe('a lead that changed hands', () => {
	test('the next tab waits for the one that still puts the upgrade down, and goes on', async () => {
		const { reached, release } = holdSecondBatch();
		const first = tab.controller.start(world.plan());
		await reached;
		const next = world.open();
		const lead = new AbortController();
		const resumed = next.controller.resumeUnfinished(world.clock.now(), lead.signal);
		const suspended = tab.controller.suspend();
		release();
		await suspended;
		await first;
		expect(await resumed).toEqual({ type: 'waiting', for: 'keep-or-undo' });
	});

	test('the next tab gives up waiting when it loses the lead, too', async () => {
		const { reached, release } = holdSecondBatch();
		const first = tab.controller.start(world.plan());
		await reached;
		const next = world.open();
		const lead = new AbortController();
		const resumed = next.controller.resumeUnfinished(world.clock.now(), lead.signal);
		lead.abort();
		await next.controller.suspend();
		await expect(resumed).rejects.toMatchObject({ code: 'cancelled' });
		release();
		expect(await first).toEqual({ type: 'waiting', for: 'keep-or-undo' });
	});
});

describe('start', () => {
	test('runs to the trial and leaves the old setup whole beside the new one', async () => {
		const plan = world.plan();
		const rest = await tab.controller.start(plan);
		expect(rest).toEqual({ type: 'waiting', for: 'keep-or-undo' });
		expect(await world.record()).toMatchObject({
			current: plan.to,
			trial: { previous: plan.from, keepUntil: world.clock.now() + days(7) }
		});
	});

	test('is refused while another upgrade is unfinished, here and in another tab', async () => {
		await tab.controller.start(world.plan());
		const running = { code: 'migration/running' };
		await expect(tab.controller.start(world.plan())).rejects.toMatchObject(running);
		await expect(world.open().controller.start(world.plan())).rejects.toMatchObject(running);
	});

	test('is refused at once while one is running', async () => {
		const { reached, release } = holdSecondBatch();
		const first = tab.controller.start(world.plan());
		await reached;
		const running = { code: 'migration/running' };
		await expect(tab.controller.start(world.plan())).rejects.toMatchObject(running);
		await expect(world.open().controller.resume()).rejects.toMatchObject(running);
		release();
		expect((await first).type).toBe('waiting');
	});

	test('is refused when the setup is not the one that was planned for', async () => {
		const plan = world.plan();
		await tab.setup.replace(1, { ...world.oldSetup, adapters: ['x' as never] });
		const refused = { code: 'migration/refused' };
		await expect(tab.controller.start(plan)).rejects.toMatchObject(refused);
		expect(await tab.journal.all()).toEqual([]);
	});
});

describe('pause', () => {
	test('interrupts the embedding, and resume goes on where it was', async () => {
		const { reached, release } = holdSecondBatch();
		const running = tab.controller.start(world.plan());
		await reached;
		const pausing = tab.controller.pause();
		release();
		await pausing;
		expect(await running).toEqual({ type: 'waiting', for: 'resume' });
		expect(tab.controller.view?.phase).toBe('paused');
		expect((await world.index(world.newIndex)).vectors).toHaveLength(32);
		expect(world.bench.opened).toBe(0);

		world.bench.calls.length = 0;
		expect(await tab.controller.resume()).toEqual({ type: 'waiting', for: 'keep-or-undo' });
		const passages = world.bench.calls.filter(({ purpose }) => purpose === 'passage');
		expect(passages.flatMap(({ texts }) => texts)).toHaveLength(8);
	});

	test('lasts over a restart: nothing runs until the user resumes', async () => {
		const { reached, release } = holdSecondBatch();
		const running = tab.controller.start(world.plan());
		await reached;
		const pausing = tab.controller.pause();
		release();
		await Promise.all([pausing, running]);
		const again = world.open();
		expect(await again.controller.resumeUnfinished()).toEqual({ type: 'waiting', for: 'resume' });
		expect(again.controller.view?.phase).toBe('paused');
		expect(await again.controller.resume()).toEqual({ type: 'waiting', for: 'keep-or-undo' });
	});

	test('does nothing when nothing runs', async () => {
		await tab.controller.pause();
		await tab.controller.start(world.plan());
		await tab.controller.pause();
		expect(await types()).not.toContain('paused');
	});

	test('comes by itself when the storage is full, and resume tries again', async () => {
		world.beforeInstall = () => {
			throw new AppError('storage/quota');
		};
		expect(await tab.controller.start(world.plan())).toEqual({ type: 'waiting', for: 'resume' });
		expect(tab.controller.view?.failure?.code).toBe('storage/quota');
		world.beforeInstall = () => undefined;
		expect(await tab.controller.resume()).toEqual({ type: 'waiting', for: 'keep-or-undo' });
		expect(tab.controller.view?.failure).toBeNull();
	});
});

describe('the speed', () => {
	test('changes under way without interrupting the step, and lasts over a restart', async () => {
		const { reached, release } = holdSecondBatch();
		const running = tab.controller.start(world.plan());
		await reached;
		const before = world.bench.calls.length;
		await tab.controller.setSpeed('gentle');
		expect(tab.controller.view?.speed).toBe('gentle');
		release();
		while (world.clock.sleeping === 0) await nextTask();
		expect(world.bench.calls).toHaveLength(before);
		await world.clock.advance(60);
		expect(await running).toEqual({ type: 'waiting', for: 'keep-or-undo' });
		const starts = (await tab.journal.read(world.plan().id)).filter(
			(entry) => entry.type === 'step-started' && entry.step === 'build-index'
		);
		expect(starts).toHaveLength(1);
		expect((await world.open().controller.refresh())?.speed).toBe('gentle');
	});

	test('can be changed while it is paused, and is journaled once', async () => {
		const { reached, release } = holdSecondBatch();
		const running = tab.controller.start(world.plan());
		await reached;
		const pausing = tab.controller.pause();
		release();
		await Promise.all([pausing, running]);
		await tab.controller.setSpeed('when-idle');
		await tab.controller.setSpeed('when-idle');
		expect(tab.controller.view).toMatchObject({ phase: 'paused', speed: 'when-idle' });
		expect((await types()).filter((type) => type === 'speed-set')).toHaveLength(1);
	});

	test('is refused when nothing is under way', async () => {
		const refused = { code: 'migration/refused' };
		await expect(tab.controller.setSpeed('gentle')).rejects.toMatchObject(refused);
	});
});

describe('a step that holds by itself', () => {
	test('says why, and goes on when the user says so, unjournaled', async () => {
		world.conditions.become({ lowBattery: true });
		const running = tab.controller.start(world.plan());
		const why = 'Waiting for power: the battery is low.';
		await expect.poll(() => tab.controller.view?.holding).toBe(why);
		const shown = tab.controller.view?.steps.find(({ kind }) => kind === 'build-index');
		expect(shown).toMatchObject({ state: 'running', detail: `0 of 40 passages. ${why}` });
		const entries = await types();
		await tab.controller.goOnNow();
		expect(await running).toEqual({ type: 'waiting', for: 'keep-or-undo' });
		expect(tab.controller.view?.holding).toBeNull();
		expect((await types())[entries.length]).toBe('step-checkpoint');
	});

	test('does not begin a download on a metered line', async () => {
		world.conditions.become({ metered: true });
		const running = tab.controller.start(world.plan());
		await expect.poll(() => tab.controller.view?.holding ?? '').toContain('not metered');
		expect(world.installed.size).toBe(0);
		world.conditions.become({ metered: false });
		await running;
		expect(world.installed.size).toBe(1);
	});

	test('can be paused at once', async () => {
		world.conditions.become({ lowBattery: true });
		const running = tab.controller.start(world.plan());
		await expect.poll(() => tab.controller.view?.holding ?? '').not.toBe('');
		await tab.controller.pause();
		expect(await running).toEqual({ type: 'waiting', for: 'resume' });
		expect(world.conditions.listening).toBe(0);
	});

	test('does not where the user did not ask for that', async () => {
		world.conditions.become({ lowBattery: true, metered: true });
		const rest = await tab.controller.start(world.plan({}, { considerate: false }));
		expect(rest).toEqual({ type: 'waiting', for: 'keep-or-undo' });
	});
});

describe('stop', () => {
	test('interrupts and goes back to the old setup', async () => {
		const { reached, release } = holdSecondBatch();
		const running = tab.controller.start(world.plan());
		await reached;
		const stopping = tab.controller.stop('Not today.');
		release();
		expect(await stopping).toEqual({ type: 'ended', outcome: 'rolled-back' });
		expect(await running).toEqual({ type: 'ended', outcome: 'rolled-back' });
		expect(tab.controller.view).toMatchObject({
			phase: 'done',
			outcome: 'rolled-back',
			failure: { code: 'migration/stopped', message: 'Not today.' }
		});
		expect(await world.index(world.newIndex)).toEqual({ row: undefined, vectors: [] });
	});

	test('ends a download promptly', async () => {
		const reached = Promise.withResolvers<undefined>();
		world.beforeInstall = (signal) =>
			new Promise((_, reject) => {
				signal.addEventListener('abort', () => reject(new AppError('cancelled')));
				reached.resolve(undefined);
			});
		const running = tab.controller.start(world.plan());
		await reached.promise;
		expect(await tab.controller.stop()).toEqual({ type: 'ended', outcome: 'rolled-back' });
		expect(await running).toEqual({ type: 'ended', outcome: 'rolled-back' });
		expect(world.installed.size).toBe(0);
	});

	test('keeps an index that was there before the upgrade', async () => {
		await tab.controller.start(world.plan());
		await tab.controller.undo();
		const second = { ...world.plan(), id: 'plan-2' as ReturnType<typeof world.plan>['id'] };
		world.bench.follow({ answer: [] });
		await world.open().controller.start(second);
		const { row, vectors } = await world.index(world.newIndex);
		expect(vectors).toHaveLength(40);
		expect(row?.deleteAfter).not.toBeNull();
	});
});

describe('decisions', () => {
	test('the switch waits for approval where it was asked for', async () => {
		const plan = world.plan({}, { switchMoment: 'ask' });
		const rest = await tab.controller.start(plan);
		expect(rest).toEqual({ type: 'waiting', for: 'switch-approval' });
		expect((await world.record()).current).toEqual(plan.from);
		expect(await tab.controller.approveSwitch()).toEqual({ type: 'waiting', for: 'keep-or-undo' });
		expect((await world.record()).current).toEqual(plan.to);
	});

	test('documents that were added while it waited are in the new index at the switch', async () => {
		await tab.controller.start(world.plan({}, { switchMoment: 'ask' }));
		await tab.workshop.addText('late news arrived');
		await tab.controller.approveSwitch();
		const state = await tab.workshop.indexState(world.newIndex);
		expect(state).toMatchObject({ texts: 41, embedded: 41 });
	});

	test('documents that are added while it embeds are embedded too', async () => {
		const { reached, release } = holdSecondBatch();
		const running = tab.controller.start(world.plan());
		await reached;
		await tab.workshop.addText('late news arrived');
		release();
		await running;
		const state = await tab.workshop.indexState(world.newIndex);
		expect(state).toMatchObject({ texts: 41, embedded: 41 });
	});

	test('after Undo the old index only lacks what was added since', async () => {
		await tab.controller.start(world.plan());
		await tab.workshop.addText('late news arrived');
		await tab.controller.undo();
		const missing = await tab.workshop.missingTexts(world.oldSetup.index, 9);
		expect(missing.map(({ text }) => text)).toEqual(['late news arrived']);
	});

	test('Keep gives the old index its date, and only the first of Keep and Undo counts', async () => {
		await tab.controller.start(world.plan());
		const until = (await world.record()).trial?.keepUntil;
		const [kept, undone] = await Promise.allSettled([tab.controller.keep(), tab.controller.undo()]);
		expect(kept).toMatchObject({ value: { type: 'ended', outcome: 'committed' } });
		expect(undone).toMatchObject({ reason: { code: 'migration/refused' } });
		expect((await world.index(world.oldSetup.index)).row?.deleteAfter).toBe(until);
	});

	test('a chat engine alone leaves the index as it is, also after Keep', async () => {
		const choice = { chat: world.plan().to.chat.model, embedding: null };
		await tab.controller.start(world.plan({ choice, newIndexId: null }));
		await tab.controller.keep();
		expect((await world.index(world.oldSetup.index)).row?.deleteAfter).toBeNull();
		expect((await world.index(world.newIndex)).row).toBeUndefined();
	});

	test('Keep longer moves the end of the trial, and the date of the old index with it', async () => {
		await tab.controller.start(world.plan());
		const end = (await world.record()).trial!.keepUntil;
		expect(await tab.controller.keepLonger(3)).toEqual({ type: 'waiting', for: 'keep-or-undo' });
		expect((await world.record()).trial?.keepUntil).toBe(end + days(3));
		expect(tab.controller.view).toMatchObject({ phase: 'trial', keepUntil: end + days(3) });
		await world.clock.advance(days(8));
		const next = world.open();
		expect(await next.controller.resumeUnfinished()).toMatchObject({ for: 'keep-or-undo' });
		await next.controller.keep();
		expect((await world.index(world.oldSetup.index)).row?.deleteAfter).toBe(end + days(3));
	});

	test('Keep longer counts from now where the end is past', async () => {
		await tab.controller.start(world.plan());
		await world.clock.advance(days(20));
		await tab.controller.keepLonger(1);
		expect((await world.record()).trial?.keepUntil).toBe(world.clock.now() + days(1));
	});

	test('are refused when they come too early or when there is no upgrade', async () => {
		const refused = { code: 'migration/refused' };
		await expect(tab.controller.keep()).rejects.toMatchObject(refused);
		await tab.controller.start(world.plan({}, { switchMoment: 'ask' }));
		await expect(tab.controller.keep()).rejects.toMatchObject(refused);
		expect((await world.record()).trial).toBeNull();
	});
});

describe('at the start of the app', () => {
	test('there is nothing to do without an upgrade', async () => {
		expect(await tab.controller.resumeUnfinished()).toBeNull();
		expect(await tab.controller.refresh()).toBeNull();
	});

	test('a trial past its date is kept', async () => {
		await tab.controller.start(world.plan());
		world.clock.jump(days(7) + 1);
		const rest = await world.open().controller.resumeUnfinished();
		expect(rest).toEqual({ type: 'ended', outcome: 'committed' });
		expect((await world.record()).trial).toBeNull();
	});

	test('a trial within its date goes on', async () => {
		await tab.controller.start(world.plan());
		world.clock.jump(days(7) - 1);
		const rest = await world.open().controller.resumeUnfinished();
		expect(rest).toEqual({ type: 'waiting', for: 'keep-or-undo' });
	});

	test('three starts that killed the tab take the old engines back, also past the date', async () => {
		await tab.controller.start(world.plan());
		for (let start = 0; start < 3; start++) await tab.setup.countStart();
		world.clock.jump(days(9));
		const again = world.open();
		const rest = await again.controller.resumeUnfinished();
		expect(rest).toEqual({ type: 'ended', outcome: 'rolled-back' });
		expect(again.controller.view?.failure).toEqual({
			code: 'migration/failed-starts',
			message: 'The new engine failed to start 3 times.'
		});
		expect((await world.record()).current).toEqual(world.oldSetup);
	});

	test('a third start that fails with an error does so at once', async () => {
		await tab.controller.start(world.plan());
		await tab.setup.countStart();
		await tab.setup.countStart();
		expect(await tab.controller.reportFailedStart()).toBeNull();
		await tab.setup.countStart();
		const rest = await tab.controller.reportFailedStart();
		expect(rest).toEqual({ type: 'ended', outcome: 'rolled-back' });
	});

	test('what was done just before the crash is looked at, not done again', async () => {
		const crash = CrashPoint.at(6);
		const dying = world.open(crash).controller.start(world.plan());
		await expect(dying).rejects.toThrow('the tab is dead');
		expect((await types()).at(-1)).toBe('step-started');
		expect(world.installed.size).toBe(0);
		world.installed.add(world.plan().to.chat.model);
		world.beforeInstall = () => {
			throw new AppError('bug', { details: { reason: 'downloaded again' } });
		};
		const rest = await world.open().controller.resumeUnfinished();
		expect(rest).toEqual({ type: 'waiting', for: 'keep-or-undo' });
	});

	test('a check that kills the tab three times is not tried again', async () => {
		const never = Promise.withResolvers<undefined>();
		world.bench.follow({ before: () => never.promise });
		for (let life = 0; life < 3; life++) {
			const dying = world.open();
			const begun = life > 0;
			void (begun ? dying.controller.resumeUnfinished() : dying.controller.start(world.plan()));
			while (world.bench.calls.length <= life) await nextTask();
			dying.locks.die();
		}
		const rest = await world.open().controller.resumeUnfinished();
		expect(rest).toEqual({ type: 'ended', outcome: 'rolled-back' });
		expect(world.bench.calls).toHaveLength(3);
	});

	test('a journal that cannot be read ends in the old setup, and the next upgrade may start', async () => {
		await tab.controller.start(world.plan());
		const entries = await tab.journal.read(world.plan().id);
		await tab.journal.append([{ ...entries[1]!, seq: entries.length + 5 }]);
		const again = world.open();
		const corrupt = { code: 'migration/journal-corrupt' };
		await expect(again.controller.resumeUnfinished()).rejects.toMatchObject(corrupt);
		expect(await world.record()).toMatchObject({ current: world.oldSetup, trial: null });
		expect((await world.index(world.newIndex)).row?.deleteAfter).not.toBeNull();
		expect(await world.open().controller.resumeUnfinished()).toBeNull();
	});
});

describe('several tabs', () => {
	test('a second runner is fenced off: its next entry is refused and it stops', async () => {
		const { reached, release } = holdSecondBatch();
		const first = tab.controller.start(world.plan());
		await reached;
		// The first tab is frozen and its lock goes to another one, which gets to the end.
		tab.locks.die();
		world.bench.follow({});
		const second = world.open();
		await second.controller.resumeUnfinished();
		await second.controller.undo();
		const settled = await world.record();
		release();
		await expect(first).rejects.toMatchObject({ code: 'storage/conflict' });
		expect(await world.record()).toEqual(settled);
		expect((await tab.journal.read(world.plan().id)).at(-1)?.type).toBe('rolled-back');
	});

	test('a runner that froze just before the switch cannot switch any more', async () => {
		const frozen = Promise.withResolvers<undefined>();
		const reached = Promise.withResolvers<undefined>();
		const startTrial = tab.setup.startTrial.bind(tab.setup);
		tab.setup.startTrial = async (...args) => {
			reached.resolve(undefined);
			await frozen.promise;
			return startTrial(...args);
		};
		const first = tab.controller.start(world.plan());
		await reached.promise;
		tab.locks.die();
		await world.open().controller.stop();
		frozen.resolve(undefined);
		await expect(first).rejects.toMatchObject({ code: 'storage/conflict' });
		expect(await world.record()).toMatchObject({ current: world.oldSetup, trial: null });
	});

	test('a tab that gives the work up leaves it to the next one', async () => {
		const { reached, release } = holdSecondBatch();
		const first = tab.controller.start(world.plan());
		await reached;
		const suspending = tab.controller.suspend();
		release();
		await suspending;
		expect(await first).toEqual({ type: 'suspended' });
		const rest = await world.open().controller.resumeUnfinished();
		expect(rest).toEqual({ type: 'waiting', for: 'keep-or-undo' });
		expect(await types()).not.toContain('paused');
	});

	test('a step that is handed from tab to tab before it gets anywhere has not failed', async () => {
		let gate = Promise.withResolvers<undefined>();
		let reached = Promise.withResolvers<undefined>();
		world.bench.follow({
			before: async () => {
				reached.resolve(undefined);
				await gate.promise;
			}
		});
		let runner = tab;
		let rest = runner.controller.start(world.plan());
		for (let handover = 0; handover < 5; handover++) {
			await reached.promise;
			const suspending = runner.controller.suspend();
			gate.resolve(undefined);
			await suspending;
			expect(await rest).toEqual({ type: 'suspended' });
			[gate, reached] = [Promise.withResolvers(), Promise.withResolvers()];
			runner = world.open();
			rest = runner.controller.resumeUnfinished().then((found) => found!);
		}
		gate.resolve(undefined);
		expect(await rest).toEqual({ type: 'waiting', for: 'keep-or-undo' });
		expect((await types()).filter((type) => type === 'step-suspended')).toHaveLength(5);
	});

	test('a tab that follows sees the same view', async () => {
		await tab.controller.start(world.plan());
		const follower = world.open();
		expect(await follower.controller.refresh()).toEqual(tab.controller.view);
		await tab.controller.keep();
		expect((await follower.controller.refresh())?.outcome).toBe('committed');
	});
});

test('listeners hear each change until they stop listening', async () => {
	const views: (MigrationView | null)[] = [];
	const stop = tab.controller.onChange((view) => views.push(view));
	await tab.controller.start(world.plan());
	const fractions = views.map((view) => view?.fraction ?? 0);
	expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
	expect(views.at(-1)?.phase).toBe('trial');
	const heard = views.length;
	stop();
	await tab.controller.keep();
	expect(views).toHaveLength(heard);
});
