import { beforeEach, describe, expect, test } from 'vitest';
import { adapterCheckStore } from '../../adapters/adapter-records.ts';
import { AppError } from '../../core/errors.ts';
import type { AdapterUse } from '../../core/setup.ts';
import { write } from '../../ports/store-write.ts';
import { adapterIdOf } from '../../testing/adapter-row-of.ts';
import { MigrationWorld, models, type Tab } from '../../testing/migration-world.ts';
import type { BenchCall } from '../../testing/scripted-bench.ts';
import type { StepView } from '../describe-progress.ts';
import type { MigrationPlan } from '../plan.ts';

const late = ['late and odd', 'late and plain'];

let world: MigrationWorld;
let tab: Tab;

/** Two documents are added when the new index is complete already. The engine cannot embed the odd one. */
async function failOddTexts({ method, model, purpose, texts }: BenchCall): Promise<void> {
	if (method !== 'embed') return;
	if (model === 'old' && purpose === 'query')
		for (const text of late) await tab.workshop.addText(text);
	if (texts.some((text) => text.endsWith('odd')))
		throw new AppError('engine/embed-failed', { details: { reason: 'it is odd' } });
}

function switchStep(): StepView | undefined {
	return tab.controller.view?.steps.find(({ kind }) => kind === 'switch');
}

async function vectorsOfNew(): Promise<number> {
	return (await world.index(world.newIndex)).vectors.length;
}

beforeEach(async () => {
	world = await MigrationWorld.create({ before: failOddTexts });
	tab = world.open();
});

test('names the passages of late documents that could not be embedded, and pauses', async () => {
	expect(await tab.controller.start(world.plan())).toEqual({ type: 'waiting', for: 'resume' });
	expect(switchStep()?.state).toBe('failed');
	expect(switchStep()?.problems).toEqual([
		expect.stringMatching(/^workshop\.md, passage \d+: .*it is odd/)
	]);
	expect((await world.record()).current).toEqual(world.oldSetup);
	// All others are in: only the odd one is tried again.
	expect(await vectorsOfNew()).toBe(41);
});

test('still names them after the app has been closed', async () => {
	await tab.controller.start(world.plan());
	tab.locks.die();
	tab = world.open();
	await tab.controller.refresh();
	expect(switchStep()?.problems).toHaveLength(1);
});

test('switches once they can be embedded, and forgets what failed', async () => {
	await tab.controller.start(world.plan());
	world.bench.follow({});
	expect(await tab.controller.resume()).toEqual({ type: 'waiting', for: 'keep-or-undo' });
	expect(switchStep()).toMatchObject({ state: 'done', problems: [] });
	expect(await vectorsOfNew()).toBe(42);
	expect((await world.record()).current.index).toBe(world.newIndex);
});

test('forgets them while they are tried again', async () => {
	await tab.controller.start(world.plan());
	const seen: (readonly string[])[] = [];
	world.bench.follow({
		before: () => {
			seen.push(switchStep()?.problems ?? ['none shown']);
		}
	});
	await tab.controller.resume();
	expect(seen[0]).toEqual([]);
});

describe('adapters', () => {
	const works: AdapterUse = { adapter: adapterIdOf('works'), strength: 0.5 };
	const fails: AdapterUse = { adapter: adapterIdOf('fails'), strength: 1 };
	const outlookOf = (use: AdapterUse, name: string) =>
		({ use, name, on: false, after: 'active', reason: 'It was made for NEW.' }) as const;
	let plan: MigrationPlan;

	beforeEach(async () => {
		world = await MigrationWorld.create();
		const adapters = [outlookOf(works, 'works'), outlookOf(fails, 'fails')];
		plan = world.plan({ adapters });
		world.shelf = { outcome: ({ adapter }) => (adapter === fails.adapter ? 'failed' : 'works') };
		tab = world.open();
	});

	test('are on from the switch on, without those that were found not to work', async () => {
		expect(plan.to.adapters).toEqual([works, fails]);
		expect(await tab.controller.start(plan)).toEqual({ type: 'waiting', for: 'keep-or-undo' });
		const { current, trial } = await world.record();
		expect(current).toEqual({ ...plan.to, adapters: [works] });
		expect(trial?.previous).toEqual(world.oldSetup);
		expect(detailOf('check-adapters')).toBe('Works: works. Stays off: fails (It does not fit.)');
	});

	test('are left off where the engine failed without them, too, and that is told', async () => {
		world.shelf = {
			outcome: ({ adapter }) => {
				if (adapter === fails.adapter) throw new AppError('engine/device-lost');
				return 'works';
			}
		};
		tab = world.open();
		expect(await tab.controller.start(plan)).toEqual({ type: 'waiting', for: 'keep-or-undo' });
		expect((await world.record()).current.adapters).toEqual([works]);
		expect(detailOf('check-adapters')).toMatch(
			/^Works: works\. Needs check: fails \(The upgrade could not try it: NEW failed/
		);
	});

	test('are as they were after an undo', async () => {
		await tab.controller.start(plan);
		await tab.controller.undo();
		expect((await world.record()).current).toEqual(world.oldSetup);
	});

	test('are kept with the rest', async () => {
		await tab.controller.start(plan);
		await tab.controller.keep();
		const { current, trial } = await world.record();
		expect({ current, trial }).toEqual({
			current: { ...plan.to, adapters: [works] },
			trial: null
		});
	});

	test('that failed with another model are on', async () => {
		const row = { adapter: works.adapter, model: models.old.id, at: 1, result: 'failed' as const };
		await world.disk.commit([
			write.put(adapterCheckStore, { ...row, reason: 'It does not fit.', matched: 0, of: 2 })
		]);
		await tab.controller.start(plan);
		expect((await world.record()).current.adapters).toEqual([works]);
	});
});

function detailOf(step: string): string | undefined {
	return tab.controller.view?.steps.find(({ id }) => id === step)?.detail;
}
