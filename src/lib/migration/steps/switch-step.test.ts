import { beforeEach, expect, test } from 'vitest';
import { AppError } from '../../core/errors.ts';
import { MigrationWorld, type Tab } from '../../testing/migration-world.ts';
import type { BenchCall } from '../../testing/scripted-bench.ts';
import type { StepView } from '../describe-progress.ts';

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
