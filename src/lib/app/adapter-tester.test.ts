import { beforeEach, describe, expect, test } from 'vitest';
import { adapterCheckStore, adapterStore } from '../adapters/adapter-records.ts';
import type { ErrorCode } from '../core/error-code.ts';
import { AppError } from '../core/errors.ts';
import type { AdapterId } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { AdapterUse } from '../core/setup.ts';
import { write } from '../ports/store-write.ts';
import { AdaptedBench } from '../testing/adapted-bench.ts';
import { adapterRow } from '../testing/adapter-row.ts';
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

const row = adapterRow('style', { name: 'My style' });

let records: MemoryRecordStore;
let bench: AdaptedBench;
let tester: AdapterTester;

beforeEach(async () => {
	records = new MemoryRecordStore();
	bench = new AdaptedBench();
	tester = new AdapterTester({ bench, records, clock: new ManualClock(5000) });
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
			reason: 'Gemma answers “Write one sentence about the sea.” differently with it.'
		});
		expect(await kept()).toEqual([row]);
	});

	test('changes nothing where all answers are equal', async () => {
		bench.answer = () => 'the same';
		expect(await check()).toMatchObject({
			result: 'same',
			reason: 'This adapter changes nothing that 5 questions to Gemma show.'
		});
	});

	test('changes nothing where all that it adds is zero, which is told', async () => {
		await records.commit([write.put(adapterStore, { ...row, isZero: true })]);
		bench.answer = () => 'the same';
		const reason = 'This adapter changes nothing: all that it adds is zero.';
		expect(await check()).toMatchObject({ result: 'same', reason });
	});

	test('is compared on the processor where the graphics device takes only the model, which is told', async () => {
		bench.device = (on) => (on === 'base' ? 'webgpu' : 'wasm');
		expect((await check()).reason).toMatch(/ so both answered on the processor\.$/);
	});

	test('can be tried without keeping what comes of it', async () => {
		const signal = new AbortController().signal;
		expect(await tester.trial(use, spec, signal)).toMatchObject({ result: 'works', at: 5000 });
		expect(await kept()).toEqual([]);
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
	test.each(['adapter/no-match', 'adapter/damaged'] as const)(
		'is a result at once where it cannot be loaded: %s',
		async (code) => {
			bench.onOpen = (on) => {
				if (on !== 'base') throw new AppError(code, { details: { reason: 'broken' } });
			};
			const row = await check();
			expect(row).toMatchObject({ result: 'failed', matched: 0, of: 2 });
			expect(row.reason).toMatch(/\.$/);
			expect(await kept()).toEqual([row]);
			expect(bench.opened).toEqual(['open base', 'open 1']);
		}
	);

	test('is known without a load where the model takes none at all', async () => {
		const row = await check({ ...spec, engine: 'starter', dtype: null, files: [] });
		expect(row.reason).toMatch(/^Gemma cannot take adapters: /);
		expect(bench.log).toEqual([]);
	});
});

describe('a failure that need not be the adapter’s', () => {
	const twice = ['open base', 'open 1', 'open base', 'open 1'];

	/** Fails with the adapter so often, then answers. */
	function failingFirst(times: number, code: ErrorCode): void {
		let left = times;
		bench.answer = (prompt, on) => {
			if (on !== 'base' && left-- > 0) throw new AppError(code, { details: { reason: 'broken' } });
			return `${prompt} ${on}`;
		};
	}

	test.each([
		...(['engine/device-lost', 'engine/stalled', 'engine/out-of-memory'] as const),
		...(['wire/timeout', 'engine/bad-output', 'engine/load-failed'] as const)
	])('is forgotten where it does not happen again: %s', async (code) => {
		failingFirst(1, code);
		expect(await check()).toMatchObject({ result: 'works' });
		expect(bench.opened).toEqual(twice);
	});

	test.each(['engine/device-lost', 'engine/bad-model', 'wire/timeout'] as const)(
		'is the adapter’s where it happens twice, and the model answers in between: %s',
		async (code) => {
			failingFirst(2, code);
			const row = await check();
			expect(row).toMatchObject({ result: 'failed', matched: 0 });
			expect(row.reason).toMatch(/^Gemma works without it, but not with it: /);
			expect(bench.opened).toEqual(twice);
			expect(await kept()).toEqual([row]);
		}
	);

	test('is nobody’s where the model no longer answers either: nothing is kept', async () => {
		let lost = false;
		bench.onOpen = (on) => {
			lost ||= on !== 'base';
			if (lost) throw new AppError('engine/device-lost');
		};
		await expect(check()).rejects.toMatchObject({ code: 'engine/device-lost' });
		expect(bench.opened).toEqual(['open base', 'open 1', 'open base']);
		expect(await kept()).toEqual([]);
	});

	test('is told as what it is where the adapter itself fails after it', async () => {
		const errors = ['engine/device-lost', 'adapter/damaged'] as const;
		let at = 0;
		bench.onOpen = (on) => {
			if (on !== 'base') throw new AppError(errors[at++]!, { details: { name: 'My style' } });
		};
		expect((await check()).reason).toMatch(/My style.* damaged/);
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

	test('is that it is removed while it is tried', async () => {
		failingWith('adapter/missing', '1');
		await expect(check()).rejects.toMatchObject({ code: 'adapter/missing' });
		expect(await kept()).toEqual([]);
	});

	test('is that the user stops it', async () => {
		const control = new AbortController();
		bench.answer = (_, on) => {
			if (on !== 'base') control.abort();
			return on;
		};
		await expect(check(spec, control.signal)).rejects.toMatchObject({ code: 'cancelled' });
		expect(bench.log.at(-1)).toBe('close 1');
		expect(await kept()).toEqual([]);
	});
});
