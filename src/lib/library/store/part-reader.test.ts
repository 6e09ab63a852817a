import { beforeEach, expect, test } from 'vitest';
import type { Sha256 } from '../../core/ids.ts';
import { MemoryBlobStore } from '../../testing/memory-blob-store.ts';
import { partPlan, type Part } from './part-plan.ts';
import { PartReader } from './part-reader.ts';

const bytes = Uint8Array.from({ length: 250_000 }, (_, i) => i % 251);
const plan = partPlan({ sha256: 'f'.repeat(64) as Sha256, bytes: 250_000, partBytes: 100_000 });
let blobs: MemoryBlobStore;
let reader: PartReader;

function part(index: number): Part {
	return plan[index]!;
}

const contentOf = ({ offset, bytes: size }: Part) => bytes.slice(offset, offset + size);

beforeEach(async () => {
	blobs = new MemoryBlobStore();
	reader = new PartReader(blobs);
	for (const each of plan) await blobs.put(each.key, contentOf(each));
});

test('reads parts of different sizes, in any order', async () => {
	for (const index of [2, 0, 1, 2])
		expect(await reader.read(part(index))).toEqual(contentOf(part(index)));
});

test('reads all into the same memory', async () => {
	const first = await reader.read(part(0));
	const second = await reader.read(part(1));
	expect(second?.buffer).toBe(first?.buffer);
});

test('hands out wrong bytes as they are', async () => {
	blobs.corrupt(part(0).key, (body) => body.fill(9));
	expect(new Set(await reader.read(part(0)))).toEqual(new Set([9]));
});

test('knows nothing of a part that is gone', async () => {
	await blobs.delete(part(1).key);
	expect(await reader.read(part(1))).toBeUndefined();
});

test('does not take a part that is too short or too long, and reads the next one', async () => {
	blobs.corrupt(part(0).key, (body) => body.slice(1));
	blobs.corrupt(part(1).key, (body) => new Uint8Array([...body, 0]));
	expect(await reader.read(part(0))).toBeUndefined();
	expect(await reader.read(part(1))).toBeUndefined();
	expect(await reader.read(part(2))).toEqual(contentOf(part(2)));
});
