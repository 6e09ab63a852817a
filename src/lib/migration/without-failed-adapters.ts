import { adapterCheckStore } from '../adapters/adapter-records.ts';
import type { Setup } from '../core/setup.ts';
import type { RecordStore } from '../ports/record-store.ts';

/** The setup without the adapters that have been tried with its chat engine and do not work. */
export async function withoutFailedAdapters<Used extends Pick<Setup, 'chat' | 'adapters'>>(
	records: RecordStore,
	setup: Used
): Promise<Used> {
	const checks = await Promise.all(
		setup.adapters.map(({ adapter }) => records.get(adapterCheckStore, [adapter, setup.chat.model]))
	);
	const adapters = setup.adapters.filter((_, at) => checks[at]?.result !== 'failed');
	return { ...setup, adapters };
}
