import { describe, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import { CrashPoint } from '../testing/crash-point.ts';
import { MigrationWorld, type Tab } from '../testing/migration-world.ts';
import { isSimulatedCrash } from '../testing/simulated-crash.ts';
import type { BenchScript } from '../testing/scripted-bench.ts';
import { workshopIndexes } from '../testing/record-workshop.ts';
import { readJournal } from './journal-state.ts';
import { gateReportStore, journalStore, setupStore, snapshotStore } from './migration-records.ts';
import type { Rest } from './migration-run.ts';

interface Story {
	readonly script?: BenchScript;
	/** What the user does when the trial runs. */
	readonly trial?: 'keep' | 'undo' | 'keep longer, then undo';
	/** What the user does when it pauses, or asks about the gate. */
	readonly otherwise?: 'stop' | 'override';
	readonly outcome: 'committed' | 'rolled-back';
	/** Of the new index at the end. */
	readonly newIndex: 'complete' | 'retired' | 'gone';
}

const badVectors: BenchScript = {
	vector: (model, text, dims) =>
		model === 'new' ? new Float32Array(dims).fill(1).fill(text.length % 7, 1, 2) : undefined
};

const stories: Readonly<Record<string, Story>> = {
	'an upgrade that is kept': { trial: 'keep', outcome: 'committed', newIndex: 'complete' },
	'an upgrade that is undone': { trial: 'undo', outcome: 'rolled-back', newIndex: 'retired' },
	'a trial that is extended, then undone': {
		trial: 'keep longer, then undo',
		outcome: 'rolled-back',
		newIndex: 'retired'
	},
	'an engine that is lost while embedding': {
		script: {
			before: ({ model, texts }) => {
				if (model === 'new' && texts.length === 8) throw new AppError('engine/device-lost');
			}
		},
		outcome: 'rolled-back',
		newIndex: 'gone'
	},
	'a text that cannot be embedded, then Stop': {
		script: {
			vector: (model, text, dims) =>
				model === 'new' && text.startsWith('word7 ') ? new Float32Array(dims).fill(NaN) : undefined
		},
		otherwise: 'stop',
		outcome: 'rolled-back',
		newIndex: 'gone'
	},
	'a failed gate, then Stop': {
		script: badVectors,
		otherwise: 'stop',
		outcome: 'rolled-back',
		newIndex: 'retired'
	},
	'a failed gate that is overridden': {
		script: badVectors,
		otherwise: 'override',
		trial: 'keep',
		outcome: 'committed',
		newIndex: 'complete'
	},
	'an engine that fails its canary': {
		script: { answer: [] },
		outcome: 'rolled-back',
		newIndex: 'gone'
	}
};

/** Starts the upgrade or goes on with it, and answers everything that it asks, to the end. */
async function finish(world: MigrationWorld, tab: Tab, story: Story): Promise<void> {
	const { controller } = tab;
	const begun = (await tab.journal.all()).length > 0;
	let rest: Rest | null = begun
		? await controller.resumeUnfinished()
		: await controller.start(world.plan());
	while (rest?.type === 'waiting') {
		if (rest.for === 'keep-or-undo') {
			if (story.trial === 'keep longer, then undo') await extendOnce(tab);
			rest = story.trial === 'keep' ? await controller.keep() : await controller.undo();
		} else {
			rest =
				story.otherwise === 'override'
					? await controller.overrideGate('I looked at it myself.')
					: await controller.stop('I do not like it.');
		}
	}
}

async function extendOnce({ controller, journal }: Tab): Promise<void> {
	const entries = (await journal.all())[0] ?? [];
	if (!entries.some(({ type }) => type === 'extended')) await controller.keepLonger(2);
}

/** What must hold at every moment, whatever happened. */
async function expectPromises(world: MigrationWorld, liveIndex: unknown): Promise<void> {
	const plan = world.plan();
	const record = await world.record();
	expect([plan.from, plan.to]).toContainEqual(record.current);
	const old = await world.index(plan.from.index);
	expect(old.vectors).toEqual(liveIndex);
	if (record.current.index === plan.to.index) {
		const state = await world.open().workshop.indexState(plan.to.index);
		expect(state).toMatchObject({ texts: 40, embedded: 40 });
	} else {
		expect(old.row?.deleteAfter).toBeNull();
	}
	for (const entries of await world.open().journal.all()) {
		expect(readJournal(entries).plan.id).toBe(plan.id);
	}
	expect(world.bench.opened).toBe(0);
}

async function expectEnd(world: MigrationWorld, story: Story): Promise<void> {
	const { from, to } = world.plan();
	const record = await world.record();
	expect(record.trial).toBeNull();
	expect(record.current).toEqual(story.outcome === 'committed' ? to : from);
	const { row, vectors } = await world.index(to.index);
	if (story.newIndex === 'gone') expect([row, vectors]).toEqual([undefined, []]);
	else expect(vectors).toHaveLength(40);
	if (story.newIndex === 'retired') expect(row?.deleteAfter).toBeGreaterThan(world.clock.now());
	if (story.newIndex === 'complete') expect(row?.deleteAfter).toBeNull();
	expect((await world.disk.list(journalStore)).at(-1)?.type).toBe(story.outcome);
}

async function dump(world: MigrationWorld): Promise<unknown> {
	const stores = [setupStore, journalStore, snapshotStore, gateReportStore, workshopIndexes];
	return Promise.all(stores.map((store) => world.disk.list(store as typeof workshopIndexes)));
}

async function liveVectors(world: MigrationWorld): Promise<unknown> {
	return (await world.index(world.oldSetup.index)).vectors;
}

/** Runs until the tab dies. Anything else that goes wrong is a failure of the test. */
async function untilCrash(life: Promise<void>): Promise<void> {
	await life.catch((error: unknown) => {
		if (!isSimulatedCrash(error)) throw error;
	});
}

describe.each(Object.entries(stories))('%s', (_, story) => {
	test('ends as it would have, after a crash at any write', async () => {
		const crashes = await CrashPoint.exhaust(async (crash) => {
			const world = await MigrationWorld.create(story.script);
			const live = await liveVectors(world);
			const first = world.open(crash);
			await untilCrash(finish(world, first, story));
			first.locks.die();
			await expectPromises(world, live);

			crash.revive();
			await finish(world, world.open(crash), story);
			await expectPromises(world, live);
			await expectEnd(world, story);

			const before = await dump(world);
			expect(await world.open().controller.resumeUnfinished()).toBeNull();
			expect(await dump(world)).toEqual(before);
		});
		expect(crashes).toBeGreaterThan(20);
	}, 60_000);
});

/** Pairs of crashes are many: `npm run test:deep` tries them all. */
const stride = process.env.SAM_DEEP ? 1 : 7;

test('a second crash at any write of the recovery does no harm either', async () => {
	const story = stories['an upgrade that is undone']!;
	const counting = CrashPoint.never();
	const world = await MigrationWorld.create(story.script);
	await finish(world, world.open(counting), story);
	for (let n = 1; n <= counting.effects; n += stride) {
		await CrashPoint.exhaust(async (second) => {
			const twice = await MigrationWorld.create(story.script);
			const live = await liveVectors(twice);
			await untilCrash(finish(twice, twice.open(CrashPoint.at(n, 'after')), story));
			await untilCrash(finish(twice, twice.open(second), story));
			await expectPromises(twice, live);
			second.revive();
			await finish(twice, twice.open(second), story);
			await expectEnd(twice, story);
		});
	}
	expect(counting.effects).toBeGreaterThan(20);
}, 600_000);
