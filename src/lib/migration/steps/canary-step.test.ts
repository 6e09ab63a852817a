import { describe, expect, test } from 'vitest';
import { AppError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { nextTask } from '../../core/next-task.ts';
import { MigrationWorld, models } from '../../testing/migration-world.ts';
import type { BenchScript } from '../../testing/scripted-bench.ts';
import type { StepRun } from '../migration-step.ts';
import { canaryStep } from './canary-step.ts';

async function check(
	role: 'chat' | 'embedding',
	script: BenchScript,
	stop = new AbortController()
) {
	const world = await MigrationWorld.create(script, 1);
	const saved: Json[] = [];
	const run: StepRun = {
		plan: world.plan(),
		signal: stop.signal,
		urged: new AbortController().signal,
		get checkpoint() {
			return saved.at(-1);
		},
		verified: false,
		save: async (checkpoint) => void saved.push(checkpoint),
		speed: () => 'full',
		progress: () => undefined,
		holding: () => undefined
	};
	const step = canaryStep(world);
	const params = { spec: models.new, role };
	const outcome = step.do(params, run).then(
		() => step.verify(params, run),
		(error: unknown) => error
	);
	return { world, outcome };
}

const outcomeOf = async (role: 'chat' | 'embedding', script: BenchScript): Promise<unknown> => {
	const { world, outcome } = await check(role, script);
	const result = await outcome;
	expect(world.bench.opened).toBe(0);
	return result;
};
const failed = (reason: string) => ({ code: 'migration/canary-failed', details: { reason } });
const usage = { promptTokens: 1, completionTokens: 1, firstTokenMs: 1, totalMs: 1 };

describe('an embedding engine', () => {
	test('passes with finite, repeatable, telling vectors of the right size', async () => {
		expect(await outcomeOf('embedding', {})).toEqual({ done: true, result: { dims: 32 } });
	});

	let count = 0;
	const faults: readonly [string, string, NonNullable<BenchScript['vector']>][] = [
		['a wrong size', 'its vectors have 16 values, not 32', () => new Float32Array(16).fill(1)],
		[
			'no numbers',
			'its vectors have values that are no numbers',
			() => new Float32Array(32).fill(NaN)
		],
		['zeros', 'its vectors are empty', () => new Float32Array(32)],
		[
			'one vector for all',
			'different texts gave the same vector',
			() => new Float32Array(32).fill(1)
		],
		[
			'chance',
			'the same text gave two different vectors',
			() => new Float32Array(32).fill(1, count, ++count + 3)
		]
	];

	test.each(faults)('fails with %s', async (_, reason, vector) => {
		expect(await outcomeOf('embedding', { vector })).toMatchObject(failed(reason));
	});
});

describe('a chat engine', () => {
	test('passes with a text and an end', async () => {
		expect(await outcomeOf('chat', {})).toEqual({ done: true, result: { answer: 'Blue.' } });
	});

	test('fails with nothing to say', async () => {
		const answer = [{ type: 'end', reason: 'stop', usage }] as const;
		expect(await outcomeOf('chat', { answer })).toMatchObject(failed('it answered with nothing'));
	});

	test('takes what a model says to itself for a sign of life', async () => {
		const answer = [
			{ type: 'reasoning-delta', text: 'The sky' },
			{ type: 'end', reason: 'length', usage }
		] as const;
		expect(await outcomeOf('chat', { answer })).toMatchObject({ result: { answer: 'The sky' } });
	});

	test('fails without an end', async () => {
		const answer = [{ type: 'text-delta', text: 'B' }] as const;
		expect(await outcomeOf('chat', { answer })).toMatchObject(failed('its answer has no end'));
	});

	test('fails with the error of its own when it does not load', async () => {
		const before = (): never => {
			throw new AppError('engine/load-failed', { details: { reason: 'x' } });
		};
		expect(await outcomeOf('chat', { before })).toMatchObject({ code: 'engine/load-failed' });
	});
});

describe('time', () => {
	test.each([
		['open', 'it did not load within 5 minutes'],
		['generate', 'it did not answer within 2 minutes']
	] as const)('is up for an engine that hangs in %s, and it is closed', async (method, reason) => {
		const late = Promise.withResolvers<undefined>();
		const { world, outcome } = await check('chat', {
			before: (call) => (call.method === method ? late.promise : undefined)
		});
		while (world.bench.calls.at(-1)?.method !== method) await nextTask();
		await world.clock.advance(5 * 60_000);
		expect(await outcome).toMatchObject(failed(reason));
		late.resolve(undefined);
		await nextTask();
		await nextTask();
		expect(world.bench.opened).toBe(0);
		expect(world.clock.sleeping).toBe(0);
	});

	test('ends at once when the user stops', async () => {
		const stop = new AbortController();
		const never = Promise.withResolvers<undefined>();
		const { world, outcome } = await check('chat', { before: () => never.promise }, stop);
		while (world.bench.calls.length === 0) await nextTask();
		stop.abort();
		expect(await outcome).toMatchObject({ code: 'cancelled' });
	});
});
