import { adapterCheckStore } from '../adapters/adapter-records.ts';
import { isLeftOut } from '../adapters/is-left-out.ts';
import type { Setup } from '../core/setup.ts';
import type { RecordStore } from '../ports/record-store.ts';

/** The setup without the adapters that do not work with its chat engine, or were to be tried with it and could not. */
export async function withoutFailedAdapters<Used extends Pick<Setup, 'chat' | 'adapters'>>(
	records: RecordStore,
	setup: Used
): Promise<Used> {
	const checks = await Promise.all(
		setup.adapters.map(({ adapter }) => records.get(adapterCheckStore, [adapter, setup.chat.model]))
	);
	const adapters = setup.adapters.filter((_, at) => !isLeftOut(checks[at]));
	return { ...setup, adapters };
}
