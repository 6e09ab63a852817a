import { expect, test } from 'vitest';
import type { IndexId, Sha256 } from '../core/ids.ts';
import { vectorBlockStore } from '../knowledge/knowledge-records.ts';
import { write } from '../ports/store-write.ts';
import { dumpDatabase, withBytes } from './database-dump.ts';
import { MemoryRecordStore } from './memory-record-store.ts';

test('a dump that went through JSON gives back each row, its bytes too', async () => {
	const records = new MemoryRecordStore();
	const row = {
		indexId: 'i' as IndexId,
		block: 7,
		textHashes: ['a', 'b'] as Sha256[],
		vectors: Float32Array.of(0.25, -1).buffer
	};
	await records.commit([write.put(vectorBlockStore, row)]);
	const dump = await dumpDatabase(records, 3);
	const again = JSON.parse(JSON.stringify(dump)) as typeof dump;
	expect(again.version).toBe(3);
	const [dumped] = again.stores['vector-blocks'] ?? [];
	expect(dumped?.key).toEqual(['i', 7]);
	expect(withBytes(dumped?.row)).toEqual(row);
});
