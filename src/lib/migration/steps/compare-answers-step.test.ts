import { describe, expect, test } from 'vitest';
import type { GenerateEvent } from '../../core/generation.ts';
import { adapterCheckStore } from '../../adapters/adapter-records.ts';
import { AppError } from '../../core/errors.ts';
import { write } from '../../ports/store-write.ts';
import { adapterIdOf } from '../../testing/adapter-row-of.ts';
import { CrashPoint } from '../../testing/crash-point.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { MemoryRecordStore } from '../../testing/memory-record-store.ts';
import { models } from '../../testing/migration-world.ts';
import { ScriptedBench, type BenchCall, type BenchScript } from '../../testing/scripted-bench.ts';
import { TestStepRun } from '../../testing/step-run.ts';
import type { PassageFinder } from '../migration-ports.ts';
import type { MigrationPlan } from '../plan.ts';
import { answerReportStore } from '../migration-records.ts';
import { compareAnswersStep } from './compare-answers-step.ts';

const prompts = [
	{ id: 'one', text: 'What is honey?' },
	{ id: 'two', text: 'Who keeps bees?' }
];
const params = { from: models.old, to: models.new, prompts };

class Finder implements PassageFinder {
	readonly asked: string[] = [];

	passagesFor(question: string) {
		this.asked.push(question);
		return Promise.resolve([{ n: 1, title: 'bees.md', text: `About ${question}` }]);
	}
}

class World {
	readonly disk = new MemoryRecordStore();
	readonly clock = new ManualClock(1000);
	readonly finder = new Finder();
	readonly bench: ScriptedBench;
	waits = 0;

	constructor(script: BenchScript = {}) {
		this.bench = new ScriptedBench(script);
	}

	/** One run of the step, as after each start of the app. */
	async run(crash = CrashPoint.never(), asked = params, plan?: MigrationPlan) {
		const records = crash.records(this.disk);
		const run = new TestStepRun(records, plan);
		const step = compareAnswersStep({
			...{ bench: this.bench, passages: this.finder, records, clock: this.clock },
			whenIdle: () => {
				this.waits++;
				return Promise.resolve();
			}
		});
		await step.do(asked, run);
		return { run, verdict: await step.verify(asked, run) };
	}

	async report() {
		return (await this.disk.get(answerReportStore, [new TestStepRun(this.disk).plan.id]))!;
	}

	generated(): string[] {
		return this.bench.calls.filter(isGenerate).map(({ model, texts }) => {
			const prompt = prompts.find(({ text }) => texts.join().includes(`Question: ${text}`));
			return `${model} ${prompt?.id}`;
		});
	}
}

function isGenerate({ method }: BenchCall): boolean {
	return method === 'generate';
}

function answering(text: string): readonly GenerateEvent[] {
	const usage = { promptTokens: 9, completionTokens: 11, firstTokenMs: 100, totalMs: 1100 };
	return [
		{ type: 'reasoning-delta', text: 'Let me think.' },
		{ type: 'text-delta', text },
		{ type: 'end', reason: 'stop', usage }
	];
}

describe('compareAnswersStep', () => {
	test('both engines answer every prompt, the old one first, and neither stays open', async () => {
		const world = new World();
		const { verdict } = await world.run();
		expect(world.generated()).toEqual(['old one', 'old two', 'new one', 'new two']);
		expect(world.bench.opened).toBe(0);
		expect(verdict).toEqual({ done: true, result: { passed: true, prompts: 2, lost: 0 } });
	});

	test('the report has text and speed, without what the engine said to itself', async () => {
		const world = new World({ answer: answering(' Sweet. ') });
		await world.run();
		const { prompts: answered, ...about } = await world.report();
		expect(about).toMatchObject({ at: 1000, oldName: 'OLD', newName: 'NEW' });
		expect(answered[0]).toEqual({
			...prompts[0],
			sources: ['bees.md'],
			old: { text: 'Sweet.', error: null, firstTokenMs: 100, tokensPerSecond: 10, ms: 1100 },
			new: { text: 'Sweet.', error: null, firstTokenMs: 100, tokensPerSecond: 10, ms: 1100 },
			vote: null
		});
	});

	test('both are given the same passages, found once, and the report keeps no copy of them', async () => {
		const world = new World();
		await world.run();
		expect(world.finder.asked).toEqual(prompts.map(({ text }) => text));
		const given = world.bench.calls.filter(isGenerate).map(({ texts }) => texts.at(-1));
		expect(given[0]).toContain('About What is honey?');
		expect(given[2]).toBe(given[0]);
		expect(JSON.stringify(await world.report())).not.toContain('About');
	});

	test("the user's own questions go before each prompt", async () => {
		const world = new World();
		await world.run();
		expect(world.waits).toBe(4);
	});

	test('tells how many of all answers are there', async () => {
		const { run } = await new World().run();
		expect(run.reports.at(-1)).toEqual([4, 4]);
	});

	test('an engine without room beside those in use gets theirs', async () => {
		const world = new World({ room: 'in-turn' });
		await world.run();
		expect(world.bench.rests).toBe(2);
	});

	test('without prompts it is done at once, and passes', async () => {
		const world = new World();
		const { verdict } = await world.run(undefined, { ...params, prompts: [] });
		expect(verdict).toEqual({ done: true, result: { passed: true, prompts: 0, lost: 0 } });
		expect(world.bench.calls).toEqual([]);
	});
});

describe('an engine that fails', () => {
	const failing = (model: string, method: BenchCall['method'], times = Infinity): BenchScript => {
		let left = times;
		return {
			before: (call) => {
				if (call.model === model && call.method === method && left-- > 0)
					throw new AppError('engine/device-lost');
			}
		};
	};

	test('does not pass when it is the new one, and the report says why', async () => {
		const world = new World(failing('new', 'generate', 1));
		const { verdict } = await world.run();
		expect(verdict).toMatchObject({ result: { passed: false, lost: 1 } });
		const [first, second] = (await world.report()).prompts;
		expect(first?.new).toMatchObject({ text: '', tokensPerSecond: null });
		expect(first?.new?.error).toBe(new AppError('engine/device-lost').message);
		expect(second?.new?.error).toBeNull();
	});

	test('is opened afresh for the next prompt', async () => {
		const world = new World(failing('new', 'generate', 1));
		await world.run();
		const opened = world.bench.calls.filter(({ method }) => method === 'open');
		expect(opened.map(({ model }) => model)).toEqual(['old', 'new', 'new']);
		expect(world.bench.opened).toBe(0);
	});

	test('stands in nobody’s way when it is the old one', async () => {
		const world = new World(failing('old', 'open'));
		const { verdict } = await world.run();
		expect(verdict).toMatchObject({ done: true, result: { passed: true } });
		const opened = world.bench.calls.filter(({ method }) => method === 'open');
		expect(opened.map(({ model }) => model)).toEqual(['old', 'new']);
	});

	test('an empty answer counts as none', async () => {
		let asked = 0;
		const world = new World();
		world.bench.follow({
			before: ({ method }) => {
				if (method === 'generate' && ++asked === 4) world.bench.follow({ answer: answering(' ') });
			}
		});
		expect((await world.run()).verdict).toMatchObject({ result: { passed: false, lost: 1 } });
	});

	test('an engine that finds the prompt too long is asked with fewer passages', async () => {
		const world = new World({
			before: ({ method, texts }) => {
				if (method === 'generate' && texts.join().includes('About'))
					throw new AppError('engine/context-overflow');
			}
		});
		expect((await world.run()).verdict).toMatchObject({ result: { passed: true } });
	});
});

describe('a run that is cut short', () => {
	test('leaves promptly when it is paused, and what was answered stays', async () => {
		const world = new World();
		const run = new TestStepRun(world.disk);
		world.bench.follow({
			before: ({ model, method }) => {
				if (model === 'new' && method === 'generate') run.abort.abort();
			}
		});
		const step = compareAnswersStep({
			...{ bench: world.bench, passages: world.finder, records: world.disk, clock: world.clock },
			whenIdle: () => Promise.resolve()
		});
		await expect(step.do(params, run)).rejects.toMatchObject({ code: 'cancelled' });
		expect((await world.report()).prompts.map(({ old, new: next }) => [!!old, !!next])).toEqual([
			[true, false],
			[true, false]
		]);
		expect(await step.verify(params, run)).toEqual({ done: false });
		expect(world.bench.opened).toBe(0);
	});

	test.each([1, 2, 3, 4, 5])(
		'goes on after a crash behind write %i, and answers nothing twice',
		async (at) => {
			const world = new World();
			await expect(world.run(CrashPoint.at(at, 'after'))).rejects.toBeDefined();
			world.bench.follow({});
			const { verdict } = await world.run();
			expect(verdict).toMatchObject({ done: true, result: { passed: true, prompts: 2 } });
			expect(world.generated()).toEqual(['old one', 'old two', 'new one', 'new two']);
			expect(world.finder.asked).toHaveLength(2);
		}
	);

	test('ends the same way wherever it was cut short', async () => {
		const runs = await CrashPoint.exhaust(async (crash) => {
			const world = new World();
			await world.run(crash).catch(() => undefined);
			crash.revive();
			const { verdict } = await world.run(crash);
			expect(verdict).toEqual({ done: true, result: { passed: true, prompts: 2, lost: 0 } });
		});
		expect(runs).toBe(10);
	});
});

describe('adapters', () => {
	const use = (name: string) => ({ adapter: adapterIdOf(name), strength: 1 });
	const [home, guest, fails] = ['home', 'guest', 'fails'].map(use);
	const { plan } = new TestStepRun(new MemoryRecordStore());
	const adapted: MigrationPlan = {
		...plan,
		from: { ...plan.from, adapters: [home!] },
		to: { ...plan.to, adapters: [guest!, fails!] }
	};
	const opened = ({ bench }: World) =>
		bench.calls
			.filter(({ method }) => method === 'open')
			.map(({ model, adapters = [] }) => [model, adapters]);

	test('that are on with an engine are part of its answers, but for those found not to work', async () => {
		const world = new World();
		const { model } = adapted.to.chat;
		const row = { adapter: fails!.adapter, model, at: 1, result: 'failed', reason: '' } as const;
		await world.disk.commit([write.put(adapterCheckStore, { ...row, matched: 0, of: 1 })]);
		await world.run(undefined, params, adapted);
		expect(opened(world)).toEqual([
			['old', [home]],
			['new', [guest]]
		]);
	});

	test('that cannot be worked in stop no comparison', async () => {
		const world = new World({
			before: ({ adapters }) => {
				if (adapters) throw new AppError('adapter/damaged', { details: { name: 'home' } });
			}
		});
		const { verdict } = await world.run(undefined, params, adapted);
		expect(verdict).toMatchObject({ done: true, result: { lost: 0 } });
		expect(opened(world).slice(0, 2)).toEqual([
			['old', [home]],
			['old', []]
		]);
	});
});
