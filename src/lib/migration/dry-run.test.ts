import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import { adapterIdOf } from '../testing/adapter-row-of.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MigrationWorld, models } from '../testing/migration-world.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { ScriptedBench, type BenchCall } from '../testing/scripted-bench.ts';
import { ScriptedShelf, type ShelfScript } from '../testing/scripted-shelf.ts';
import { dryRun, type DryRunReport } from './dry-run.ts';
import type { MigrationPlan, TestPrompt } from './plan.ts';

const never = new AbortController().signal;

let clock: ManualClock;
let bench: ScriptedBench;
let plan: MigrationPlan;
let texts: string[];
let prompts: TestPrompt[];
let records: MemoryRecordStore;
let shelf: ShelfScript;
/** Questions that passages were looked for. */
let sought: string[];

beforeEach(async () => {
	clock = new ManualClock();
	const world = await MigrationWorld.create({}, 0);
	plan = world.plan({ texts: 1000 });
	texts = Array.from({ length: 50 }, (_, i) => `text ${i}`);
	bench = new ScriptedBench({ before: take });
	prompts = [];
	records = new MemoryRecordStore();
	shelf = {};
	sought = [];
});

/** Loading takes two seconds, an answer one; embedding half a second, and ten more at the first call. */
let embedded = false;
async function take({ method }: BenchCall): Promise<void> {
	const warmUp = method === 'embed' && !embedded ? 10_000 : 0;
	if (method === 'embed') embedded = true;
	const ms = { open: 2000, generate: 1000, embed: 500 }[method] + warmUp;
	const passed = clock.sleep(ms);
	await clock.advance(ms);
	await passed;
}

function run(signal = never): Promise<DryRunReport> {
	embedded = false;
	const sampleTexts = async (count: number) => texts.slice(0, count);
	const passages = {
		passagesFor: async (question: string) => {
			sought.push(question);
			return [{ n: 1, title: 'Found', text: 'A passage.' }];
		}
	};
	const adapters = new ScriptedShelf(records, clock, shelf);
	return dryRun(plan, { bench, clock, sampleTexts, prompts, passages, adapters }, signal);
}

describe('of both engines', () => {
	test('measures embedding on a sample, the first call left out', async () => {
		const report = await run();
		expect(report.sampled).toBe(32);
		expect(report.textsPerSecond).toBe(64);
	});

	test('tells how long the whole will take as a range around what was measured', async () => {
		const { seconds } = await run();
		expect(seconds?.low).toBeLessThan(1000 / 64);
		expect(seconds?.high).toBeGreaterThan(1000 / 64);
	});

	test('tells how much space the new index takes', async () => {
		expect((await run()).indexBytes).toBe(1000 * 32 * 4);
	});

	test('asks the chat engine a question about a passage, and shows its answer', async () => {
		expect((await run()).answer).toBe('Blue.');
	});

	test('asks the first of the user’s own test prompts instead, with the passages found for it', async () => {
		prompts = ['What do badgers eat?', 'And at night?'].map((text, at) => ({ id: `${at}`, text }));
		expect((await run()).question).toBe('What do badgers eat?');
		const asked = bench.calls.filter(({ method }) => method === 'generate');
		expect(asked).toHaveLength(1);
		expect(asked[0]?.texts.join()).toContain('A passage.');
		expect(sought).toEqual(['What do badgers eat?']);
	});

	test('without one it asks a question that needs no documents', async () => {
		expect((await run()).question).toBe('What is the boiling point of water?');
		expect(sought).toEqual([]);
	});

	test('tells how much memory the new engine takes', async () => {
		const { memoryBytes } = await run();
		expect(memoryBytes?.low).toBeGreaterThan(1000);
		expect(memoryBytes?.high).toBeGreaterThan(memoryBytes!.low);
	});

	test('counts as loading what is neither the measured embedding nor the answer', async () => {
		// Two engines of two seconds each, and the first call that warms up.
		expect((await run()).loadSeconds).toBe(4 + 10.5);
	});

	test('leaves no engine open', async () => {
		await run();
		expect(bench.opened).toBe(0);
	});
});

describe('of one engine', () => {
	test('the embedding one has no answer to show', async () => {
		plan = { ...plan, steps: plan.steps.filter(({ id }) => id !== 'canary:chat') };
		const report = await run();
		expect([report.answer, report.sampled]).toEqual([null, 32]);
		expect(bench.calls.some(({ method }) => method === 'generate')).toBe(false);
	});

	test('the chat one measures no embedding', async () => {
		plan = { ...plan, steps: plan.steps.filter(({ id }) => id !== 'canary:embedding') };
		expect(await run()).toMatchObject({
			sampled: 0,
			textsPerSecond: null,
			seconds: null,
			indexBytes: 0,
			loadSeconds: 2,
			answer: 'Blue.'
		});
	});
});

describe('of adapters', () => {
	const outlookOf = (name: string, after: 'active' | 'needs-check' | 'inactive') => ({
		...{ name, after, on: true, reason: 'It was made for NEW.' },
		use: { adapter: adapterIdOf(name), strength: 1 }
	});

	beforeEach(async () => {
		const world = await MigrationWorld.create({}, 0);
		plan = world.plan({
			adapters: [
				...[outlookOf('lawyer', 'active'), outlookOf('pirate', 'needs-check')],
				outlookOf('poet', 'inactive')
			]
		});
	});

	test('tells for each that the upgrade would try whether the new engine takes it', async () => {
		shelf = { outcome: ({ adapter }) => (adapter === adapterIdOf('pirate') ? 'failed' : 'works') };
		expect((await run()).adapters).toEqual([
			{ name: 'lawyer', result: 'works', reason: 'It works.' },
			{ name: 'pirate', result: 'failed', reason: 'It does not fit.' }
		]);
	});

	test('keeps nothing of that', async () => {
		await run();
		expect(records.commits).toBe(0);
	});

	test('says so where one cannot be tried, and goes on', async () => {
		shelf = {
			outcome: ({ adapter }) => {
				if (adapter === adapterIdOf('lawyer')) throw new AppError('engine/device-lost');
				return 'same';
			}
		};
		const { adapters } = await run();
		expect(adapters.map(({ result }) => result)).toEqual(['untried', 'same']);
		expect(adapters[0]?.reason).toBe(new AppError('engine/device-lost').message);
	});

	test('does not count their time as the start of the engine', async () => {
		shelf = {
			outcome: async () => {
				await clock.advance(60_000);
				return 'works' as const;
			}
		};
		expect((await run()).loadSeconds).toBe(4 + 10.5);
	});

	test('ends with its signal', async () => {
		const control = new AbortController();
		shelf = {
			outcome: () => {
				control.abort();
				return 'works';
			}
		};
		await expect(run(control.signal)).rejects.toMatchObject({ code: 'cancelled' });
	});
});

test('an upgrade without adapters has none to try', async () => {
	expect((await run()).adapters).toEqual([]);
});

test('without documents there is nothing to measure, and the engine is loaded all the same', async () => {
	texts = [];
	const report = await run();
	expect([report.sampled, report.textsPerSecond, report.seconds]).toEqual([0, null, null]);
	expect(bench.calls.map(({ method }) => method)).toEqual(['open', 'generate', 'open']);
});

test('a time too short to measure is no division by nothing', async () => {
	bench.follow({});
	const report = await run();
	expect(report.textsPerSecond).toBe(32_000);
});

test.each(['generate', 'embed'] as const)(
	'says what failed in %s, and closes the engine',
	async (broken) => {
		bench.follow({
			before: ({ method }) => {
				if (method === broken) throw new AppError('engine/device-lost');
			}
		});
		await expect(run()).rejects.toMatchObject({ code: 'engine/device-lost' });
		expect(bench.opened).toBe(0);
	}
);

test('ends with its signal, and closes the engine', async () => {
	const control = new AbortController();
	bench.follow({
		before: ({ method, model }) => {
			if (method === 'generate' && model === models.new.id) control.abort();
		}
	});
	await expect(run(control.signal)).rejects.toMatchObject({ name: 'AbortError' });
	expect(bench.opened).toBe(0);
});
