import { beforeEach, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { scriptedModel } from '../testing/scripted-engine.ts';
import { EngineFailures } from './engine-failures.ts';

const model = scriptedModel;
const other = { ...scriptedModel, revision: '2' };
const error = new AppError('engine/device-lost');
let clock: ManualClock;
let failures: EngineFailures;

beforeEach(() => {
	clock = new ManualClock();
	failures = new EngineFailures(clock);
});

test('a model whose GPU failed is computed on the processor from then on, and no other one', () => {
	expect(failures.device(model)).toBe('auto');
	failures.gpuFailed(model);
	expect([failures.device(model), failures.device(other)]).toEqual(['wasm', 'auto']);
});

test('a model that failed in every way is left alone for a minute', async () => {
	failures.failed(model, error);
	await clock.advance(59_999);
	expect([failures.lately(model), failures.lately(other)]).toEqual([error, null]);
	await clock.advance(1);
	expect(failures.lately(model)).toBeNull();
});

test('a model that the user wants again gets every chance', () => {
	for (const each of [model, other]) {
		failures.gpuFailed(each);
		failures.failed(each, error);
	}
	failures.forget(model);
	expect([failures.device(model), failures.lately(model)]).toEqual(['auto', null]);
	expect([failures.device(other), failures.lately(other)]).toEqual(['wasm', error]);
	failures.forgetAll();
	expect([failures.device(other), failures.lately(other)]).toEqual(['auto', null]);
});
