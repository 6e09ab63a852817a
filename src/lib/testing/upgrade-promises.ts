import { expect } from 'vitest';
import { adapterCheckStore, adapterStore } from '../adapters/adapter-records.ts';
import type { Setup } from '../core/setup.ts';
import { indexStore } from '../knowledge/knowledge-records.ts';
import { readJournal, type JournalState } from '../migration/journal-state.ts';
import type { MigrationPlan } from '../migration/plan.ts';
import type { UpgradeKind } from './upgrade-kinds.ts';
import { StoryRun, type Story } from './upgrade-story.ts';
import type { UpgradeWorld } from './upgrade-world.ts';
import { CrashPoint } from './crash-point.ts';
import {
	belongingsOf,
	expectSame,
	expectTidyLibrary,
	imageOf,
	passagesOf,
	vectorsIn,
	type Image
} from './world-image.ts';

/** What must hold in every upgrade of one kind from one device, at every moment and at its end. */
export class UpgradePromises {
	readonly #from: Setup;
	readonly #to: Setup;
	readonly #belongings: Image;
	readonly #passages: ReadonlyMap<string, unknown>;
	readonly #liveVectors: ReadonlySet<string>;
	readonly #ends: Readonly<Record<Story['outcome'], Image>>;

	private constructor(
		device: UpgradeWorld,
		{ from, to }: MigrationPlan,
		ends: Readonly<Record<Story['outcome'], Image>>
	) {
		this.#from = from;
		this.#to = to;
		this.#belongings = belongingsOf(device.disk);
		this.#passages = passagesOf(device.disk);
		this.#liveVectors = vectorsIn(device.disk, from.index);
		this.#ends = ends;
	}

	/** The two ends are what a device looks like on which nothing went wrong: never upgraded, and upgraded and kept. */
	static async of(device: UpgradeWorld, kind: UpgradeKind, plan: MigrationPlan) {
		const kept: Story = { name: 'kept', trial: 'keep', outcome: 'committed' };
		const untouched = new StoryRun(device, kind, kept);
		await untouched.afterAll();
		const upgraded = new StoryRun(device, kind, kept);
		await upgraded.live(CrashPoint.never());
		await upgraded.afterAll();
		return new UpgradePromises(device, plan, {
			'rolled-back': imageOf(untouched.world),
			committed: imageOf(upgraded.world)
		});
	}

	/** After whatever has happened, crashes too. */
	async holdNow(world: UpgradeWorld): Promise<void> {
		const { disk } = world;
		const tab = world.open();
		const record = await tab.setup.read();
		const { current, trial } = record!;
		expectSame(
			[this.#from, this.#to].some((setup) => same(setup, current)),
			true,
			'the setup'
		);
		await this.#adaptersHold(world, current);
		expectSame(this.#present(belongingsOf(disk)), this.#belongings, 'what is the user’s');
		const passages = passagesOf(disk);
		for (const [key, row] of this.#passages) expectSame(passages.get(key), row, 'a passage');
		expectSame(vectorsIn(disk, this.#from.index), this.#liveVectors, 'the vectors in use before');
		const rows = await disk.list(indexStore);
		const rowOf = (setup: Setup) => rows.find(({ id }) => id === setup.index);
		expectSame(rowOf(current)?.deleteAfter, null, 'the date of the index in use');
		if (current.index !== this.#from.index) {
			const state = await tab.knowledge.indexState(current.index);
			expectSame(state?.embedded, state?.texts, 'texts with a vector');
		}
		const journals = await expectJournals(world);
		if (trial) {
			expectSame(trial.previous, this.#from, 'the setup before');
			// Keep dates the index before it ends the trial, which is where the date stands.
			const date = rowOf(trial.previous)?.deleteAfter;
			const kept = journals.find(({ plan }) => plan.id === trial.planId)?.kept;
			expectSame(date === null || (kept && date === trial.keepUntil), true, 'the index before');
		}
		for (const { bench } of world.tabs) expectSame(bench.opened, 0, 'open engines');
	}

	/** Before and after the upgrade those from before are on; on the way, none that was found not to work. */
	async #adaptersHold({ disk }: UpgradeWorld, { chat, adapters }: Setup): Promise<void> {
		if (chat.model === this.#from.chat.model) {
			expectSame(adapters, this.#from.adapters, 'the adapters that were on');
			return;
		}
		const rows = await disk.list(adapterStore);
		for (const { adapter, strength } of adapters) {
			const row = rows.find(({ id }) => id === adapter);
			expectSame([row?.wanted, row?.strength], [true, strength], 'an adapter that is on');
			const check = await disk.get(adapterCheckStore, [adapter, chat.model]);
			expectSame(check?.result, 'works', 'what came of trying it');
		}
	}

	/** When the upgrade is over, the dates of its remains have passed and they have been collected. */
	async holdAtTheEnd(run: StoryRun, { outcome }: Story): Promise<void> {
		const { world } = run;
		const strays = await run.afterAll();
		expectSame(strays, 0, 'stray parts');
		const [newest] = await world.open().journal.all();
		expectSame(newest?.at(-1)?.type, outcome, 'the end of the journal');
		expectSame(imageOf(world), this.#ends[outcome], 'what is left');
		await expectTidyLibrary(world);
		const tab = world.open();
		for (const choice of [this.#from.embedding, (await tab.setup.read())!.current.embedding])
			expect((await tab.specOf(choice)).id).toBe(choice.model);
	}

	/** A step of another maker may have added a store of its own. */
	#present(belongings: Image): Image {
		const own = Object.entries(belongings).filter(([name]) => name in this.#belongings);
		return Object.fromEntries(own);
	}
}

/** All can be read, and one at most is not over. */
async function expectJournals(world: UpgradeWorld): Promise<JournalState[]> {
	const states = (await world.open().journal.all()).map((entries) => readJournal(entries));
	const open = states.filter(({ outcome }) => !outcome);
	expectSame(open.length <= 1, true, 'upgrades that are not over');
	return states;
}

/** But for the adapters: those have promises of their own. */
function same(a: Setup, b: Setup): boolean {
	const [one, other] = [a, b].map((setup) => JSON.stringify({ ...setup, adapters: [] }));
	return one === other;
}
