import { beforeEach, describe, expect, test } from 'vitest';
import { adapterCheckStore, type AdapterCheckRow } from '../../adapters/adapter-records.ts';
import type { ErrorCode } from '../../core/error-code.ts';
import { AppError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { write } from '../../ports/store-write.ts';
import { adapterIdOf } from '../../testing/adapter-row-of.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { MemoryRecordStore } from '../../testing/memory-record-store.ts';
import { MigrationWorld, models } from '../../testing/migration-world.ts';
import { ScriptedShelf, type ShelfScript } from '../../testing/scripted-shelf.ts';
import { TestStepRun } from '../../testing/step-run.ts';
import type { MigrationPlan } from '../plan.ts';
import { checkAdaptersStep } from './check-adapters-step.ts';

const planned = (name: string) => ({ use: { adapter: adapterIdOf(name), strength: 1 }, name });
const params = { spec: models.new, adapters: [planned('lawyer'), planned('pirate')] };
const [lawyer, pirate] = params.adapters.map(({ use }) => use.adapter);

let records: MemoryRecordStore;
let clock: ManualClock;
let plan: MigrationPlan;

beforeEach(async () => {
	records = new MemoryRecordStore();
	plan = (await MigrationWorld.create({}, 0)).plan();
	clock = new ManualClock(plan.createdAt + 1000);
});

/** Works with all but the first one. */
function lawyerThrows(code: ErrorCode): NonNullable<ShelfScript['outcome']> {
	return ({ adapter }) => {
		if (adapter === lawyer) throw new AppError(code, { details: { name: 'lawyer' } });
		return 'works';
	};
}

/** A run of the step from that checkpoint on. */
function attempt(script: ShelfScript = {}, checkpoint?: Json, whenIdle = () => Promise.resolve()) {
	const adapters = new ScriptedShelf(records, clock, script);
	const step = checkAdaptersStep({ adapters, records, clock, whenIdle });
	const run = new TestStepRun(records, plan);
	run.checkpoint = checkpoint;
	const tried = () => adapters.tried.map(({ adapter }) => adapter);
	const verify = () => step.verify(params, run);
	return { adapters, run, tried, do: () => step.do(params, run), verify };
}

function rows(): Promise<AdapterCheckRow[]> {
	return records.list(adapterCheckStore);
}

describe('checking adapters', () => {
	test('verifies the bytes of all, tries each, and tells what came of it by name', async () => {
		const outcome: ShelfScript['outcome'] = ({ adapter }) =>
			adapter === lawyer ? 'works' : 'same';
		const step = attempt({ outcome });
		expect(await step.verify()).toEqual({ done: false });
		await step.do();
		expect(step.adapters.verified).toEqual([lawyer, pirate]);
		expect(step.tried()).toEqual([lawyer, pirate]);
		expect(await step.verify()).toEqual({
			done: true,
			result: { works: ['lawyer'], same: ['pirate'], failed: [] }
		});
	});

	test('names one that fails, with the reason, and is done all the same', async () => {
		const step = attempt({ outcome: () => 'failed' });
		await step.do();
		const failed = ['lawyer', 'pirate'].map((name) => ({ name, reason: 'It does not fit.' }));
		expect(await step.verify()).toEqual({ done: true, result: { works: [], same: [], failed } });
	});

	test('does not load the model for one whose bytes are damaged', async () => {
		const step = attempt({ damaged: [lawyer!] });
		await step.do();
		expect(step.tried()).toEqual([pirate]);
		expect(await rows()).toContainEqual(
			expect.objectContaining({
				...{ adapter: lawyer, model: models.new.id, result: 'failed' },
				reason: expect.stringContaining('"lawyer" are damaged') as string
			})
		);
	});

	test('keeps as failed what the adapter is at fault for, at once', async () => {
		const step = attempt({ outcome: lawyerThrows('adapter/missing') });
		await step.do();
		expect(step.tried()).toEqual([lawyer, pirate]);
		expect(await step.verify()).toMatchObject({
			result: { works: ['pirate'], failed: [{ name: 'lawyer' }] }
		});
	});

	test('tries one again after the others where the engine fails without it, too', async () => {
		let lost = true;
		const step = attempt({
			outcome: () => {
				if (!lost) return 'works';
				lost = false;
				throw new AppError('engine/device-lost');
			}
		});
		await step.do();
		expect(step.tried()).toEqual([lawyer, pirate, lawyer]);
		expect(await step.verify()).toMatchObject({
			result: { works: ['lawyer', 'pirate'], failed: [] }
		});
	});

	test('holds nothing against it where the engine fails again: it waits to be checked', async () => {
		const step = attempt({ outcome: lawyerThrows('engine/device-lost') });
		await step.do();
		expect(step.tried()).toEqual([lawyer, pirate, lawyer]);
		const [row] = await rows();
		expect(row).toMatchObject({ adapter: lawyer, model: models.new.id, result: 'untried' });
		expect(row?.reason).toMatch(
			/^The upgrade could not try it: NEW failed without it, too\. .* Check it in the Tuner/
		);
		expect(await step.verify()).toMatchObject({
			done: true,
			result: { works: ['pirate'], failed: [], untried: [{ name: 'lawyer', reason: row?.reason }] }
		});
	});

	test('leaves a full disk to the upgrade, which pauses', async () => {
		const outcome = () => {
			throw new AppError('storage/quota');
		};
		await expect(attempt({ outcome }).do()).rejects.toMatchObject({ code: 'storage/quota' });
		expect(await rows()).toEqual([]);
	});

	test('waits until the questions of the user are answered', async () => {
		const order: string[] = [];
		const outcome = () => {
			order.push('tried');
			return 'works' as const;
		};
		await attempt({ outcome }, undefined, async () => {
			order.push('idle');
		}).do();
		expect(order).toEqual(['idle', 'tried', 'idle', 'tried']);
	});
});

describe('after it was cut short', () => {
	test('what has been tried is not tried again', async () => {
		const first = attempt({
			outcome: ({ adapter }) => {
				if (adapter === pirate) first.run.abort.abort();
				return 'works';
			}
		});
		await expect(first.do()).rejects.toMatchObject({ code: 'cancelled' });
		const second = attempt({}, first.run.checkpoint);
		await second.do();
		expect(second.adapters.verified).toEqual([]);
		expect(second.tried()).toEqual([pirate]);
		expect(await second.verify()).toMatchObject({ result: { works: ['lawyer', 'pirate'] } });
	});

	test('a result that was kept and not journaled counts', async () => {
		await records.commit([write.put(adapterCheckStore, rowOf(plan.createdAt + 1))]);
		const step = attempt();
		await step.do();
		expect(step.tried()).toEqual([pirate]);
		expect(await step.verify()).toMatchObject({ result: { failed: [{ name: 'lawyer' }] } });
	});

	test.each([
		['before the plan', -1],
		['a day to come, made while the clock was wrong,', 86_400_000]
	])('a result from %s does not', async (_, later) => {
		await records.commit([write.put(adapterCheckStore, rowOf(plan.createdAt + later))]);
		const step = attempt();
		await step.do();
		expect(step.tried()).toEqual([lawyer, pirate]);
		expect(await step.verify()).toMatchObject({ result: { works: ['lawyer', 'pirate'] } });
	});

	test('an adapter whose trial has ended with the tab twice waits to be checked', async () => {
		let checkpoint: Json | undefined;
		for (let life = 1; life <= 2; life++) {
			const dying = attempt({ outcome: () => new Promise(() => undefined) }, checkpoint);
			void dying.do();
			await expect.poll(() => dying.tried()).toEqual([lawyer]);
			checkpoint = dying.run.checkpoint;
		}
		const last = attempt({}, checkpoint);
		await last.do();
		expect(last.tried()).toEqual([pirate]);
		expect(await last.verify()).toMatchObject({
			result: { works: ['pirate'], failed: [], untried: [{ name: 'lawyer' }] }
		});
		expect((await rows()).map(({ result }) => result)).toContain('untried');
	});

	test('the user pausing while one is tried is not held against it, however often', async () => {
		let checkpoint: Json | undefined;
		for (let pause = 1; pause <= 3; pause++) {
			const outcome: ShelfScript['outcome'] = () => {
				paused.run.abort.abort();
				return 'works';
			};
			const paused = attempt({ outcome }, checkpoint);
			await expect(paused.do()).rejects.toMatchObject({ code: 'cancelled' });
			checkpoint = paused.run.checkpoint;
		}
		const last = attempt({}, checkpoint);
		await last.do();
		expect(await last.verify()).toMatchObject({ result: { works: ['lawyer', 'pirate'] } });
	});
});

function rowOf(at: number): AdapterCheckRow {
	const found = { result: 'failed', reason: 'It does not fit.', matched: 0, of: 2 } as const;
	return { adapter: lawyer!, model: models.new.id, at, ...found };
}
