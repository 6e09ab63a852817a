import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { AppError, hasCode } from '../core/errors.ts';
import { hashInstantly } from '../testing/instant-hash.ts';
import { deviceFor, fewQuestions, upgradeKinds } from '../testing/upgrade-kinds.ts';
import type { UpgradeTab } from '../testing/upgrade-tab.ts';
import type { UpgradeWorld } from '../testing/upgrade-world.ts';
import { readJournal } from './journal-state.ts';
import type { Rest } from './migration-run.ts';

beforeAll(hashInstantly);
afterAll(() => vi.restoreAllMocks());

const kind = upgradeKinds['both engines']!;

/** Finds the disk full at the commit of that number, once, beginning with the start of the upgrade. */
class FullOnce {
	isArmed = false;
	commits = 0;
	readonly #at: number;

	constructor(at: number) {
		this.#at = at;
	}

	readonly beforeCommit = (): void => {
		if (this.isArmed && ++this.commits === this.#at) throw new AppError('storage/quota');
	};
}

/** What a user does who is told that the disk is full: makes room, and tries the same again. */
async function persist(tab: UpgradeTab, work: () => Promise<Rest | null>): Promise<Rest | null> {
	try {
		return await work();
	} catch (error) {
		if (!hasCode(error, 'storage/quota')) throw error;
		const goesOn = (await tab.journal.unfinished()) !== null;
		return goesOn ? tab.controller.resumeUnfinished() : work();
	}
}

async function upgrade(world: UpgradeWorld, disk: FullOnce): Promise<void> {
	const tab = world.open();
	const plan = await tab.plan(kind.wish, fewQuestions);
	disk.isArmed = true;
	let rest = await persist(tab, () => tab.controller.start(plan));
	for (let round = 0; rest?.type === 'waiting' && round < 10; round++) {
		const { controller } = tab;
		const isOnTrial = rest.for === 'keep-or-undo';
		rest = await persist(tab, () => (isOnTrial ? controller.keep() : controller.resume()));
	}
	tab.close();
}

test(
	'a disk that is full once, at whatever write, costs an upgrade nothing but a pause',
	{ timeout: 120_000 },
	async () => {
		const device = await deviceFor(kind);
		for (let at = 1; ; at++) {
			const disk = new FullOnce(at);
			const world = device.copy({ records: { beforeCommit: disk.beforeCommit } });
			await upgrade(world, disk);
			const [newest = []] = await world.open().journal.all();
			expect([at, readJournal(newest).outcome]).toEqual([at, 'committed']);
			if (disk.commits < at) {
				expect(at).toBeGreaterThan(kind.writes / 2);
				break;
			}
		}
	}
);
