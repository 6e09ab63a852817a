import { describe, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import type { StoreOf } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import { CrashPoint } from './crash-point.ts';
import { MemoryBlobStore } from './memory-blob-store.ts';
import { MemoryRecordStore } from './memory-record-store.ts';
import { isSimulatedCrash, SimulatedCrash } from './simulated-crash.ts';

interface Row {
	readonly id: number;
}
const rows: StoreOf<Row, number> = { name: 'rows', keyOf: (row) => row.id };
const one = (id: number) => [write.put(rows, { id })];

describe('CrashPoint', () => {
	test('dies before the effect, which is then not there', async () => {
		const disk = new MemoryRecordStore();
		const store = CrashPoint.at(2).records(disk);
		await store.commit(one(1));
		await expect(store.commit(one(2))).rejects.toBeInstanceOf(SimulatedCrash);
		expect(await disk.list(rows)).toEqual([{ id: 1 }]);
	});

	test('dies after the effect, which is then there', async () => {
		const disk = new MemoryRecordStore();
		const store = CrashPoint.at(2, 'after').records(disk);
		await store.commit(one(1));
		await expect(store.commit(one(2))).rejects.toBeInstanceOf(SimulatedCrash);
		expect(await disk.list(rows)).toEqual([{ id: 1 }, { id: 2 }]);
	});

	test('lets the dead tab write nothing, in no store, until it is revived', async () => {
		const crash = CrashPoint.at(1);
		const blobs = new MemoryBlobStore();
		const records = crash.records(new MemoryRecordStore());
		const parts = crash.blobs(blobs);
		await expect(records.commit(one(1))).rejects.toThrow('died before effect 1');
		await expect(parts.put('a', new Uint8Array(1))).rejects.toThrow('the tab is dead');
		expect(await parts.keys('')).toEqual([]);

		crash.revive();
		await parts.put('a', new Uint8Array(1));
		expect(await blobs.keys('')).toEqual(['a']);
		expect(crash.crashed).toBe(true);
	});

	test('numbers records, parts and other effects in one sequence', async () => {
		const crash = CrashPoint.never();
		await crash.records(new MemoryRecordStore()).commit(one(1));
		await crash.blobs(new MemoryBlobStore()).put('a', new Uint8Array(1));
		await crash.blobs(new MemoryBlobStore()).delete('a');
		expect(await crash.effect(async () => 'answer')).toBe('answer');
		expect(crash.effects).toBe(4);
		expect(crash.crashed).toBe(false);
	});

	test('exhausts a scenario: both sides of every effect', async () => {
		const seen: number[] = [];
		const runs = await CrashPoint.exhaust(async (crash) => {
			const disk = new MemoryRecordStore();
			const store = crash.records(disk);
			const life = async (): Promise<void> => {
				for (const id of [1, 2, 3]) await store.commit(one(id));
			};
			await life().catch(() => undefined);
			seen.push(await disk.count(rows));
			crash.revive();
			await life();
			expect(await disk.count(rows)).toBe(3);
		});
		expect(runs).toBe(6);
		expect(seen).toEqual([0, 1, 2, 3, 1, 2, 3, 3]);
	});
});

test('a crash is recognised below the errors that wrap it', () => {
	const wrapped = new AppError('bug', { cause: new Error('x', { cause: new SimulatedCrash() }) });
	expect(isSimulatedCrash(wrapped)).toBe(true);
	expect(isSimulatedCrash(new AppError('bug'))).toBe(false);
});
