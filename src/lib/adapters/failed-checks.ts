import type { AdapterId } from '../core/ids.ts';
import type { RecordStore, StoreWrite } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import { adapterCheckStore } from './adapter-records.ts';

/** The writes that forget what an adapter has failed with: its files were put right, so nothing of that need be true. */
export async function failedChecks(records: RecordStore, id: AdapterId): Promise<StoreWrite[]> {
	const checks = await records.list(adapterCheckStore, { prefix: [id] });
	return checks
		.filter(({ result }) => result === 'failed')
		.map(({ model }) => write.delete(adapterCheckStore, [id, model]));
}
