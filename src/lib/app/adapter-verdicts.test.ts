import { beforeEach, expect, test } from 'vitest';
import { adapterCheckStore, type AdapterCheckRow } from '../adapters/adapter-records.ts';
import type { BaseIdentity } from '../adapters/base-identity.ts';
import type { Sha256 } from '../core/ids.ts';
import { write } from '../ports/store-write.ts';
import { adapterRowOf } from '../testing/adapter-row-of.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { plannable } from '../testing/migration-world.ts';
import { AdapterVerdicts } from './adapter-verdicts.ts';

const identity: BaseIdentity = {
	...{ architecture: 'llama', hiddenSize: 8, layers: 1, heads: 2, keyValueHeads: 2 },
	...{ intermediateSize: 16, vocabulary: 100, tokenizer: 'ab'.repeat(32) as Sha256 }
};
const files = [
	{ path: 'onnx/model.onnx', url: 'https://x.test', bytes: 1, sha256: 'cd' as Sha256 }
];
const model = plannable('llama', { files, dtype: 'fp32' });
const row = adapterRowOf('lawyer', { base: { name: 'test/llama', identity, model: 'Llama' } });

let records: MemoryRecordStore;
let known: BaseIdentity | null;

beforeEach(() => {
	records = new MemoryRecordStore();
	known = identity;
});

function verdict(spec = model) {
	const verdicts = new AdapterVerdicts({ records, identityOf: () => Promise.resolve(known) });
	return verdicts.of(row, spec);
}

function tried(result: AdapterCheckRow['result'], parts: Partial<AdapterCheckRow> = {}) {
	const found = { result, reason: 'It was tried.', matched: 1, of: 1 };
	const check = { adapter: row.id, model: model.id, at: 1, ...found, ...parts };
	return records.commit([write.put(adapterCheckStore, check)]);
}

test('an adapter fits a model of its base', async () => {
	expect(await verdict()).toMatchObject({ state: 'fits' });
});

test('one whose model is not here yet, or does not tell, has to be tried', async () => {
	known = null;
	expect(await verdict()).toMatchObject({ state: 'needs-check' });
});

test('one of other sizes does not fit', async () => {
	known = { ...identity, hiddenSize: 16 };
	expect(await verdict()).toMatchObject({ state: 'no' });
});

test('what came of trying it with that very model counts for more', async () => {
	await tried('failed');
	expect(await verdict()).toEqual({ state: 'no', reason: 'It was tried.' });
	await tried('works');
	known = null;
	expect(await verdict()).toMatchObject({ state: 'fits' });
});

test('what came of trying it with another model does not', async () => {
	await tried('failed', { model: plannable('other').id });
	expect(await verdict()).toMatchObject({ state: 'fits' });
});

test('a model that takes no adapters takes none, whatever came of trying', async () => {
	await tried('works');
	const { state, reason } = await verdict(plannable('starter'));
	expect(state).toBe('no');
	expect(reason).toMatch(/^STARTER cannot take adapters: .+\. .+\.$/);
});
