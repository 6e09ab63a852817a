import { beforeEach, expect, test } from 'vitest';
import type { BaseIdentity } from '../adapters/base-identity.ts';
import { AppError } from '../core/errors.ts';
import { manifestStore, type ManifestRow } from '../library/library-api.ts';
import { write } from '../ports/store-write.ts';
import { engineNamed } from '../testing/judged-answers.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { basesOf } from './bases-of.ts';

const identity: BaseIdentity = {
	...{ architecture: 'llama', hiddenSize: 64, layers: 2, heads: 4, keyValueHeads: 2 },
	...{ intermediateSize: 128, vocabulary: 96, tokenizer: null }
};
const llama = engineNamed('Llama-1B');
const copy = engineNamed('Copy');
let records: MemoryRecordStore;

beforeEach(async () => {
	records = new MemoryRecordStore();
	const manifest = {
		model: copy.model,
		spec: { name: 'Copy' },
		about: { source: { repository: 'mlc-ai/Llama-1B-q4f16_1-MLC' } }
	} as unknown as ManifestRow;
	await records.commit([write.put(manifestStore, manifest)]);
});

test('a copy is known by where it was published', async () => {
	const identityOf = () => Promise.resolve(identity);
	const bases = await basesOf({ records, identityOf }, [llama, copy, llama, engineNamed('Qwen')]);
	expect([...bases.values()]).toEqual(['llama-1b@1', 'llama-1b@1', 'qwen@1']);
});

test('each model stands for itself where its files are gone', async () => {
	const identityOf = () => Promise.reject(new AppError('library/not-installed'));
	const bases = await basesOf({ records, identityOf }, [llama, copy]);
	expect([...bases.values()]).toEqual(['llama-1b@1', 'copy@1']);
});
