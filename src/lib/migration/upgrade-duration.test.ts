import { beforeEach, expect, test } from 'vitest';
import { MigrationWorld } from '../testing/migration-world.ts';
import type { DryRunReport } from './dry-run.ts';
import { defaultOptions } from './plan.ts';
import { upgradeDuration } from './upgrade-duration.ts';

const report: DryRunReport = {
	...{ sampled: 32, textsPerSecond: 10, seconds: { low: 100, high: 200 }, indexBytes: 1 },
	...{ loadSeconds: 0, memoryBytes: null, question: null, answer: null, answerSeconds: null },
	adapters: []
};
let world: MigrationWorld;

beforeEach(async () => {
	world = await MigrationWorld.create({}, 1);
});

test('is at least the embedding, with the questions to both indexes', async () => {
	const plan = await world.planOf('embedding');
	// 50 questions made from passages, and 20 of the user's own, each asked twice.
	expect(upgradeDuration(plan, report)).toEqual({ low: 100 + 14 * 0.7, high: 200 + 14 * 1.5 });
});

test('counts each start of an engine', async () => {
	const gate = { ...defaultOptions.gate, enabled: false };
	const plan = await world.planOf('embedding', { gate });
	const { low } = upgradeDuration(plan, { ...report, loadSeconds: 5 });
	expect(low).toBe(100 + (1 + 1) * 5 * 0.7);
});

test('counts the answers of both chat engines', async () => {
	world.prompts = [1, 2, 3].map((n) => ({ id: `${n}`, text: 'What?' }));
	const plan = await world.planOf('chat');
	const none = { ...report, seconds: null, textsPerSecond: null };
	const { low, high } = upgradeDuration(plan, { ...none, answerSeconds: 10 });
	expect([low, high]).toEqual([60 * 0.7, 60 * 1.5]);
});

test('is nothing where nothing was measured', async () => {
	const none = { ...report, seconds: null, textsPerSecond: null };
	expect(upgradeDuration(await world.planOf('both'), none)).toEqual({ low: 0, high: 0 });
});
