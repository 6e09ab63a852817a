import { expect, test } from 'vitest';
import { MigrationWorld } from '../../testing/migration-world.ts';
import { gateReportStore } from '../migration-records.ts';
import type { UpgradeOptions } from '../plan.ts';
import { defaultOptions } from '../plan.ts';

async function compared(options: Partial<UpgradeOptions> = {}, newFindsNothing = false) {
	const world = await MigrationWorld.create({
		vector: (model, text, dims) =>
			model === 'new' && newFindsNothing
				? new Float32Array(dims).fill(1).fill(text.length % 7, 1, 2)
				: undefined
	});
	const plan = world.plan({}, options);
	const rest = await world.open().controller.start(plan);
	return { world, rest, report: await world.disk.get(gateReportStore, [plan.id]) };
}

test('equal engines find the same: the gate passes and the report says so', async () => {
	const { report, rest } = await compared();
	expect(report).toMatchObject({ queries: 40, passed: true, overlapAt10: 1, losses: [] });
	expect(report?.new).toEqual({ ...report?.old, name: 'NEW' });
	expect(report?.old.recallAt10).toBeGreaterThan(0.5);
	expect(rest).toMatchObject({ for: 'keep-or-undo' });
});

test('a worse engine fails the gate: nothing is switched, and the losses are named', async () => {
	const { world, report, rest } = await compared({}, true);
	expect(rest).toEqual({ type: 'waiting', for: 'gate-decision' });
	expect(report?.passed).toBe(false);
	expect(report?.losses).toHaveLength(10);
	expect((await world.record()).current).toEqual(world.oldSetup);
});

test('the options say how many questions are asked and how much may be lost', async () => {
	const gate = { ...defaultOptions.gate, queries: 5, maxRecallLoss: 1 };
	const { report } = await compared({ gate }, true);
	expect(report).toMatchObject({ queries: 5, passed: true, maxRecallLoss: 1 });
});

test('one engine is open at a time, and questions are embedded as questions', async () => {
	const { world } = await compared();
	const queries = world.bench.calls.filter(({ purpose }) => purpose === 'query');
	expect(queries.map(({ model }) => model)).toEqual([
		...Array.from({ length: 40 }, () => 'old'),
		...Array.from({ length: 40 }, () => 'new')
	]);
	expect(world.bench.opened).toBe(0);
});
