import { beforeEach, describe, expect, test } from 'vitest';
import { adapterCheckStore, adapterStore, type AdapterRow } from '../adapters/adapter-records.ts';
import type { ErrorCode } from '../core/error-code.ts';
import { AppError } from '../core/errors.ts';
import type { GenerateEvent, GenerateRequest } from '../core/generation.ts';
import type { AdapterId } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { AdapterUse } from '../core/setup.ts';
import type { BenchEngine } from '../migration/migration-ports.ts';
import { write } from '../ports/store-write.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { scriptedModel } from '../testing/scripted-engine.ts';
import { AdapterTester } from './adapter-tester.ts';

const file = { path: 'onnx/model.onnx', url: 'https://hub.invalid', bytes: 1, sha256: '' as never };
const spec: ModelSpec = {
	...{ ...scriptedModel, name: 'Gemma', engine: 'transformers', dtype: 'q4' },
	files: [file]
};
const use: AdapterUse = { adapter: 'style' as AdapterId, strength: 1 };
const usage = { promptTokens: 1, completionTokens: 1, firstTokenMs: 1, totalMs: 1 };

/** Opens engines whose answers a test writes, and remembers what was done with them, in order. */
class Bench {
	readonly log: string[] = [];
	readonly requests: GenerateRequest[] = [];
	place: 'beside' | 'in-turn' = 'beside';
	/** By what an engine answers a prompt; `on`: the strengths that it was opened with. */
	answer: (prompt: string, on: string) => string = (prompt, on) => `${prompt} ${on}`;
	onOpen: (on: string) => void = () => undefined;

	room(): Promise<'beside' | 'in-turn'> {
		return Promise.resolve(this.place);
	}

	async rest(): Promise<void> {
		this.log.push('rest');
	}

	async open(
		_spec: ModelSpec,
		_signal: AbortSignal,
		adapters: readonly AdapterUse[] = []
	): Promise<BenchEngine> {
		const on = adapters.map(({ strength }) => strength).join() || 'base';
		this.log.push(`open ${on}`);
		this.onOpen(on);
		return {
			...{ dims: null, device: 'wasm', embed: () => Promise.resolve([]) },
			...(adapters.length > 0 && { adapters: [{ adapter: use.adapter, matched: 1, of: 2 }] }),
			generate: (request, signal) => this.#generate(request, signal, on),
			close: async () => void this.log.push(`close ${on}`)
		};
	}

	async *#generate(
		request: GenerateRequest,
		signal: AbortSignal,
		on: string
	): AsyncGenerator<GenerateEvent> {
		this.requests.push(request);
		yield { type: 'text-delta', text: this.answer(request.question, on) };
		yield { type: 'end', reason: signal.aborted ? 'cancelled' : 'stop', usage };
	}
}

let records: MemoryRecordStore;
let bench: Bench;
let tester: AdapterTester;

beforeEach(async () => {
	records = new MemoryRecordStore();
	bench = new Bench();
	tester = new AdapterTester({ bench, records, clock: new ManualClock(5000) });
	const module = { module: 'q_proj', rank: 1, inSize: 1, outSize: 1 };
	const row: AdapterRow = {
		...{ id: use.adapter, name: 'My style', addedAt: 1, source: 'a folder', rank: 1, bytes: 1 },
		...{ base: { name: '', identity: null, model: null }, modules: [module, module], files: [] },
		...{ isZero: false, wanted: false, strength: 1 }
	};
	await records.commit([write.put(adapterStore, row)]);
});

const check = (model = spec, signal = new AbortController().signal) =>
	tester.check(use, model, signal);
const kept = () => records.list(adapterCheckStore);

/** Fails in the answers of the engine that has that on. */
function failingWith(code: ErrorCode, on: string): void {
	bench.answer = (_, having) => {
		if (having === on) throw new AppError(code, { details: { reason: 'broken' } });
		return having;
	};
}

describe('an adapter that is tried', () => {
	test('works where answers differ, and that is kept', async () => {
		bench.answer = (prompt, on) => (prompt.includes('sea') ? on : 'the same');
		const row = await check();
		expect(row).toEqual({
			...{ adapter: 'style', model: spec.id, at: 5000, result: 'works', matched: 1, of: 2 },
			reason: 'Gemma answered 1 of 3 short questions differently with it.'
		});
		expect(await kept()).toEqual([row]);
	});

	test('changes nothing where all answers are equal', async () => {
		bench.answer = () => 'the same';
		expect(await check()).toMatchObject({
			result: 'same',
			reason: 'This adapter changes nothing that three short questions to Gemma show.'
		});
	});

	test('has the model in memory once, and leaves nothing open', async () => {
		await check();
		expect(bench.log).toEqual(['open base', 'close base', 'open 1', 'close 1']);
	});

	test('is asked without chance, briefly and without documents', async () => {
		await check();
		expect(bench.requests).toHaveLength(6);
		for (const { temperature, maxTokens, passages } of bench.requests) {
			expect([temperature, maxTokens, passages]).toEqual([0, 24, []]);
		}
	});

	test('is tried at full strength where it stands at 0', async () => {
		await tester.check({ ...use, strength: 0 }, spec, new AbortController().signal);
		expect(bench.log).toContain('open 1');
	});

	test('replaces what came of it the last time', async () => {
		await check();
		bench.answer = () => 'the same';
		await check();
		expect((await kept()).map(({ result }) => result)).toEqual(['same']);
	});
});

describe('an adapter that does not work', () => {
	test.each(['adapter/no-match', 'adapter/damaged', 'engine/bad-model'] as const)(
		'is a result where it cannot be loaded: %s',
		async (code) => {
			bench.onOpen = (on) => {
				if (on !== 'base') throw new AppError(code, { details: { reason: 'broken' } });
			};
			const row = await check();
			expect(row).toMatchObject({ result: 'failed', matched: 0, of: 2 });
			expect(row.reason).toMatch(/\.$/);
			expect(await kept()).toEqual([row]);
			expect(bench.log.at(-1)).toBe('open 1');
		}
	);

	test('is a result where it makes numbers that are none', async () => {
		failingWith('engine/bad-output', '1');
		expect(await check()).toMatchObject({ result: 'failed' });
		expect(bench.log.at(-1)).toBe('close 1');
	});

	test('is known without a load where the model takes none at all', async () => {
		const row = await check({ ...spec, engine: 'starter', dtype: null, files: [] });
		expect(row.reason).toMatch(/^Gemma cannot take adapters: /);
		expect(bench.log).toEqual([]);
	});
});

describe('what is not the adapter’s fault', () => {
	test('is an error where the model fails without it', async () => {
		failingWith('engine/bad-output', 'base');
		await expect(check()).rejects.toMatchObject({ code: 'engine/bad-output' });
		expect(bench.log).toEqual(['open base', 'close base']);
		expect(await kept()).toEqual([]);
	});

	test('is an error where the model is gone meanwhile', async () => {
		failingWith('library/not-installed', '1');
		await expect(check()).rejects.toMatchObject({ code: 'library/not-installed' });
		expect(await kept()).toEqual([]);
	});

	test('is an error where the adapter is gone', async () => {
		const signal = new AbortController().signal;
		const gone = { ...use, adapter: 'gone' as AdapterId };
		await expect(tester.check(gone, spec, signal)).rejects.toMatchObject({
			code: 'adapter/missing'
		});
	});

	test('is that the user stops it, in either half', async () => {
		for (const half of ['base', '1']) {
			const control = new AbortController();
			bench.answer = (_, on) => {
				if (on === half) control.abort();
				return on;
			};
			await expect(check(spec, control.signal)).rejects.toMatchObject({ code: 'cancelled' });
			expect(bench.log.at(-1)).toBe(`close ${half}`);
		}
		expect(await kept()).toEqual([]);
	});
});

describe('memory', () => {
	test('is made where there is no room beside the engines in use', async () => {
		bench.place = 'in-turn';
		await check();
		expect(bench.log.slice(0, 2)).toEqual(['rest', 'open base']);
	});

	test('is made where it turns out to be short', async () => {
		let short = true;
		bench.onOpen = () => {
			if (!short) return;
			short = false;
			throw new AppError('engine/out-of-memory');
		};
		expect(await check()).toMatchObject({ result: 'works' });
		expect(bench.log.slice(0, 3)).toEqual(['open base', 'rest', 'open base']);
	});
});
