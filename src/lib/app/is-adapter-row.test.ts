import { expect, test } from 'vitest';
import { AdapterStore } from '../adapters/adapter-store.ts';
import { peftLimits } from '../adapters/peft/peft-limits.ts';
import { tinyAdapter } from '../../../tests/fixtures/tiny-adapters/tiny-adapter.ts';
import { Sha256HasherFactory } from '../platform/sha256-hasher.ts';
import { adapterRow } from '../testing/adapter-row.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { memoryModelFiles } from '../testing/memory-model-files.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { isAdapterRow } from './is-adapter-row.ts';

test('every adapter that can be added can be backed up, however many its files and however long its names', async () => {
	const store = new AdapterStore({
		...{ records: new MemoryRecordStore(), clock: new ManualClock() },
		hashers: new Sha256HasherFactory()
	});
	const targets = ['q_proj', 'v_proj', 'k_proj', 'o_proj'] as const;
	const shape = { layers: 8, heads: 1, keyValueHeads: 1, headSize: 2, feedForward: 2 };
	const files = tinyAdapter({ rank: 1, targets, shape, shards: peftLimits.shards });
	expect(files.size).toBe(2 + peftLimits.shards);
	const about = { name: 'long '.repeat(1000), source: 'a folder/'.repeat(1000), base: null };
	const row = await store.add(memoryModelFiles(files), about, new AbortController().signal);
	expect(isAdapterRow(row)).toBe(true);
	const renamed = await store.update(row.id, { name: 'longer '.repeat(1000) });
	expect(isAdapterRow(renamed)).toBe(true);
});

const guess = { name: 'x', identity: null, model: 'Tiny Llama', guessed: true };

test('a row whose base the user has guessed is one', () => {
	const row = { ...adapterRow('bees'), id: 'ab'.repeat(32), files: many().slice(0, 2) };
	expect(isAdapterRow({ ...row, base: guess })).toBe(true);
});

test.each([
	['a strength beyond the most', { strength: 2.1 }],
	['more files than any adapter has', { files: many() }],
	['a name without an end', { name: 'x'.repeat(2001) }],
	['no hash', { id: 'bees' }],
	['a base that is neither guessed nor not', { base: { ...guess, guessed: 1 } }]
])('a row with %s is none', (_, changes) => {
	const row = { ...adapterRow('bees'), id: 'ab'.repeat(32), files: many().slice(0, 2) };
	expect(isAdapterRow(row)).toBe(true);
	expect(isAdapterRow({ ...row, ...changes })).toBe(false);
});

function many() {
	const file = { path: 'x', bytes: 1, sha256: 'ab'.repeat(32), parts: 1 };
	return Array.from({ length: 100 }, () => file);
}
