import { adapterStore, type AdapterRow } from '../adapters/adapter-records.ts';
import type { AdapterVerdict } from '../adapters/adapter-verdict.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { Setup } from '../core/setup.ts';
import type { AdapterOutlook } from '../migration/upgrade-request.ts';
import type { RecordStore } from '../ports/record-store.ts';

export interface OutlookParts {
	readonly records: RecordStore;
	readonly verdictOf: (row: AdapterRow, spec: ModelSpec) => Promise<AdapterVerdict>;
}

const after = { fits: 'active', 'needs-check': 'needs-check', no: 'inactive' } as const;

/** How the adapters that are on, or are wanted wherever they fit, stand to another chat engine. */
export async function adapterOutlooks(
	{ records, verdictOf }: OutlookParts,
	{ adapters }: Setup,
	chat: ModelSpec
): Promise<AdapterOutlook[]> {
	const isOn = ({ id }: AdapterRow): boolean => adapters.some(({ adapter }) => adapter === id);
	const rows = await records.list(adapterStore);
	return Promise.all(
		rows
			.filter((row) => row.wanted || isOn(row))
			.map(async (row) => {
				const { state, reason } = await verdictOf(row, chat);
				const use = { adapter: row.id, strength: row.strength };
				return { use, name: row.name, on: isOn(row), after: after[state], reason };
			})
	);
}
