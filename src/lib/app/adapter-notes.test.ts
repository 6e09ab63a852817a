import { beforeEach, describe, expect, test } from 'vitest';
import { adapterCheckStore, adapterStore, type AdapterRow } from '../adapters/adapter-records.ts';
import { AppError } from '../core/errors.ts';
import type { AdapterId } from '../core/ids.ts';
import type { AdapterUse } from '../core/setup.ts';
import { write } from '../ports/store-write.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { scriptedModel } from '../testing/scripted-engine.ts';
import { failureText, nameAdapters, noteAdaptersFailed } from './adapter-notes.ts';

const style: AdapterUse = { adapter: 'style' as AdapterId, strength: 0.5 };
const gone: AdapterUse = { adapter: 'gone' as AdapterId, strength: 1 };
const noMatch = new AppError('adapter/no-match', {
	details: { name: 'My style', model: 'Scripted', reason: 'it has other layers' }
});

let records: MemoryRecordStore;
const clock = new ManualClock(7000);

beforeEach(async () => {
	records = new MemoryRecordStore();
	const module = { module: 'q_proj', rank: 1, inSize: 1, outSize: 1 };
	const row: AdapterRow = {
		...{ id: style.adapter, name: 'My style', addedAt: 1, source: 'a folder', rank: 1, bytes: 1 },
		...{ base: { name: '', identity: null, model: null }, modules: [module, module], files: [] },
		...{ isZero: false, wanted: true, strength: 1 }
	};
	await records.commit([write.put(adapterStore, row)]);
});

test('adapters are named as the user calls them, at the strength that is on', async () => {
	expect(await nameAdapters(records, [style, gone])).toEqual([
		{ id: 'style', name: 'My style', strength: 0.5 },
		{ id: 'gone', name: 'gone', strength: 1 }
	]);
});

describe('an adapter that a model fails with', () => {
	test('is noted with the reason, as the last check of the two', async () => {
		await noteAdaptersFailed({ records, clock }, { uses: [style], error: noMatch }, scriptedModel);
		expect(await records.list(adapterCheckStore)).toEqual([
			{
				...{ adapter: 'style', model: 'scripted', at: 7000, result: 'failed' },
				reason: 'No part of "My style" fits Scripted: it has other layers.',
				...{ matched: 0, of: 2 }
			}
		]);
	});

	test('is not noted when it is not here any more', async () => {
		const error = new AppError('adapter/missing', { details: { name: 'gone' } });
		await noteAdaptersFailed({ records, clock }, { uses: [gone], error }, scriptedModel);
		expect(await records.list(adapterCheckStore)).toEqual([]);
	});
});

describe('the reason', () => {
	test('says that the model works without it, where the error speaks of the model', () => {
		const error = new AppError('engine/out-of-memory');
		expect(failureText(error, 'Gemma')).toBe(
			`Gemma works without it, but not with it: ${error.message}`
		);
	});

	test('says what to do where the model cannot take any', () => {
		const instead = 'Use the ONNX variant of the same model.';
		const details = { engine: 'Gemma', reason: 'nobody knows its layers', instead };
		expect(failureText(new AppError('adapter/engine', { details }), 'Gemma')).toBe(
			`Gemma cannot take adapters: nobody knows its layers. ${instead}`
		);
	});

	test('says that a tab died of it', () => {
		const error = new AppError('engine/safe-mode', { details: { name: 'Gemma' } });
		expect(failureText(error, 'Gemma')).toMatch(/^The tab closed unexpectedly while Gemma .*\.$/);
	});
});
