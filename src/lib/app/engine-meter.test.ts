import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import type { GenerateEvent, Usage } from '../core/generation.ts';
import type { ModelSpec, Task } from '../core/model-spec.ts';
import { measurementStore } from '../engines/measurement.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { plannable } from '../testing/migration-world.ts';
import { ScriptedBench, type BenchCall, type BenchScript } from '../testing/scripted-bench.ts';
import { EngineMeter } from './engine-meter.ts';

const never = new AbortController().signal;
const quiet = (): void => undefined;
const usage: Usage = {
	promptTokens: 90,
	completionTokens: 41,
	firstTokenMs: 500,
	totalMs: 2500
};

let clock: ManualClock;
let records: MemoryRecordStore;
let bench: ScriptedBench;
let upgrading: boolean;
let meter: EngineMeter;

beforeEach(() => {
	clock = new ManualClock(1_000_000);
	records = new MemoryRecordStore();
	bench = new ScriptedBench({ before: take, answer: answering(usage) });
	upgrading = false;
	meter = new EngineMeter({ bench, records, clock, busy: () => upgrading });
});

/** Loading takes three seconds, embedding a quarter of a second for each text. */
async function take({ method, texts }: BenchCall): Promise<void> {
	const ms = { open: 3000, generate: 10, embed: 250 * texts.length }[method];
	const passed = clock.sleep(ms);
	await clock.advance(ms);
	await passed;
}

function answering(end: Usage, reason: 'stop' | 'cancelled' = 'stop'): readonly GenerateEvent[] {
	return [
		{ type: 'text-delta', text: 'It rests twice.' },
		{ type: 'end', reason, usage: end }
	];
}

function model(id: string, tasks: readonly Task[], engine = 'transformers'): ModelSpec {
	return plannable(id, { engine, tasks });
}

const both = model('both', ['generate', 'embed']);

function follow(script: BenchScript): void {
	bench.follow({ answer: answering(usage), ...script });
}

describe('a measurement', () => {
	test('tells how long the model took to load, to begin an answer, to write and to embed', async () => {
		expect(await meter.measure(both, never, quiet)).toEqual({
			model: 'both',
			at: clock.now(),
			device: 'cpu',
			loadMs: 3000,
			firstTokenMs: 500,
			tokensPerSecond: 20,
			textsPerSecond: 4
		});
	});

	test('leaves out what the model cannot do', async () => {
		const chat = await meter.measure(model('chat', ['generate']), never, quiet);
		expect([chat.tokensPerSecond, chat.textsPerSecond]).toEqual([20, null]);
		const embedder = await meter.measure(model('embedder', ['embed']), never, quiet);
		expect([embedder.firstTokenMs, embedder.tokensPerSecond]).toEqual([null, null]);
		expect(embedder.textsPerSecond).toBe(4);
	});

	test('gives no rate of writing to an engine that only quotes', async () => {
		const quoting = await meter.measure(model('s', ['generate'], 'starter'), never, quiet);
		expect([quoting.firstTokenMs, quoting.tokensPerSecond]).toEqual([500, null]);
	});

	test('gives no rate for an answer of one token', async () => {
		follow({ answer: answering({ ...usage, completionTokens: 1 }) });
		expect((await meter.measure(both, never, quiet)).tokensPerSecond).toBeNull();
	});

	test('does not divide by a time too short to measure', async () => {
		follow({ answer: answering({ ...usage, totalMs: usage.firstTokenMs }) });
		const { tokensPerSecond, textsPerSecond } = await meter.measure(both, never, quiet);
		expect([tokensPerSecond, textsPerSecond]).toEqual([40_000, 32_000]);
	});

	test('warms up with another question and with texts of every length', async () => {
		await meter.measure(both, never, quiet);
		const [first, second] = bench.calls.filter(({ method }) => method === 'generate');
		expect(first?.texts[0]?.slice(0, 20)).not.toBe(second?.texts[0]?.slice(0, 20));
		const [warmUp, timed] = bench.calls.filter(({ method }) => method === 'embed');
		expect(new Set(warmUp?.texts.map((text) => text.split('. ').length)).size).toBe(8);
		expect(new Set(timed?.texts).size).toBe(32);
	});

	test('says in words what it is doing', async () => {
		const phases: string[] = [];
		await meter.measure(both, never, (phase) => phases.push(phase));
		expect(phases).toEqual(['Loading', 'Warming up', 'Answering', 'Warming up', 'Embedding']);
	});

	test('leaves no engine open', async () => {
		await meter.measure(both, never, quiet);
		expect(bench.opened).toBe(0);
	});
});

describe('a measurement that fails', () => {
	test.each(['open', 'generate', 'embed'] as const)(
		'in %s says why, stores nothing, and leaves no engine open',
		async (broken) => {
			follow({
				before: ({ method }) => {
					if (method === broken) throw new AppError('engine/out-of-memory');
				}
			});
			await expect(meter.measure(both, never, quiet)).rejects.toMatchObject({
				code: 'engine/out-of-memory'
			});
			expect([await records.count(measurementStore), bench.opened]).toEqual([0, 0]);
		}
	);

	test('because it was stopped in an answer does not count half of it', async () => {
		follow({ answer: answering(usage, 'cancelled') });
		await expect(meter.measure(both, never, quiet)).rejects.toMatchObject({ code: 'cancelled' });
		expect([await records.count(measurementStore), bench.opened]).toEqual([0, 0]);
	});

	test('does not stand in the way of the next', async () => {
		const stopped = AbortSignal.abort();
		await expect(meter.measure(both, stopped, quiet)).rejects.toThrow();
		expect((await meter.measure(both, never, quiet)).model).toBe('both');
	});
});

describe('it refuses to measure', () => {
	test('while an upgrade is working', async () => {
		upgrading = true;
		await expect(meter.measure(both, never, quiet)).rejects.toMatchObject({
			code: 'migration/running'
		});
		expect(bench.calls).toEqual([]);
	});

	test('two models at once', async () => {
		const first = meter.measure(both, never, quiet);
		await expect(meter.measure(both, never, quiet)).rejects.toMatchObject({ code: 'engine/busy' });
		expect((await first).model).toBe('both');
	});
});

describe('what is remembered', () => {
	test('is the last of each model', async () => {
		expect(await meter.latest()).toEqual(new Map());
		await meter.measure(both, never, quiet);
		follow({ answer: answering({ ...usage, totalMs: 4500 }) });
		const last = await meter.measure(both, never, quiet);
		const other = await meter.measure(model('a-chat', ['generate']), never, quiet);
		expect(await meter.latest()).toEqual(
			new Map([
				['a-chat', other],
				['both', last]
			])
		);
	});

	test('is a history of twenty, newest first, for each model', async () => {
		const chat = model('chat', ['generate']);
		await meter.measure(both, never, quiet);
		let last = await meter.measure(chat, never, quiet);
		for (let i = 0; i < 21; i++) last = await meter.measure(chat, never, quiet);
		const history = await meter.history(chat.id);
		expect(history).toHaveLength(20);
		expect(history[0]).toEqual(last);
		expect(await meter.history(both.id)).toHaveLength(1);
	});
});
