import {
	adapterCheckStore,
	adapterPartStore,
	adapterStore,
	type AdapterCheckRow,
	type AdapterRow
} from '../adapters/adapter-records.ts';
import type { AdapterVerdict } from '../adapters/adapter-verdict.ts';
import { AppError } from '../core/errors.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { AdapterUse } from '../core/setup.ts';
import { hashPart } from '../library/store/hash-part.ts';
import type { RecordStore, StoreWrite } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import { adapterRowOf } from './adapter-row-of.ts';
import { modelIds } from './upgrade-models.ts';

/** What is known of an adapter and a model before it was tried, and what comes of trying. */
interface Known {
	readonly state: AdapterVerdict['state'];
	readonly tried: AdapterCheckRow['result'];
}

const fits: Known = { state: 'fits', tried: 'works' };
const no: Known = { state: 'no', tried: 'failed' };

/**
 * Adapters on a device before its upgrade. `home` is on, and fits the first chat engine alone. `twin` is on, and is said to
 * fit all: one it turns out to fail with. `guest` is wanted and off: it must be tried with others than the first one, one
 * of which fails whenever it is tried.
 */
const known: Readonly<Record<string, Readonly<Record<string, Known>>>> = {
	home: { [modelIds.plainChat]: fits, [modelIds.otherChat]: no, [modelIds.bigChat]: no },
	twin: {
		[modelIds.plainChat]: fits,
		[modelIds.otherChat]: { state: 'fits', tried: 'failed' },
		[modelIds.bigChat]: fits
	},
	guest: {
		[modelIds.plainChat]: no,
		[modelIds.otherChat]: { state: 'needs-check', tried: 'untried' },
		[modelIds.bigChat]: { state: 'needs-check', tried: 'works' }
	}
};

const body = new TextEncoder().encode('the weights of an adapter');

export const upgradeAdapters: readonly AdapterRow[] = await Promise.all(
	Object.keys(known).map(async (name, at) =>
		adapterRowOf(name, {
			strength: 0.5 + at / 4,
			bytes: body.byteLength,
			files: [
				{
					...{ path: 'adapter_model.safetensors', bytes: body.byteLength, parts: 1 },
					sha256: await hashPart(body)
				}
			]
		})
	)
);

/** Those that are on in the first setup. */
export const adaptersOn: readonly AdapterUse[] = upgradeAdapters
	.filter(({ name }) => name !== 'guest')
	.map(({ id, strength }) => ({ adapter: id, strength }));

/** What puts them on a device. */
export function adapterWrites(): StoreWrite[] {
	const files = upgradeAdapters.flatMap((row) => row.files);
	return [
		...upgradeAdapters.map((row) => write.put(adapterStore, row)),
		...files.map(({ sha256 }) => write.put(adapterPartStore, { sha256, part: 0, bytes: body }))
	];
}

const afterTrial = { works: 'fits', same: 'fits', failed: 'no', untried: 'needs-check' } as const;

/** What has come of trying an adapter counts; else what is known. */
export async function scriptedVerdict(
	records: RecordStore,
	row: AdapterRow,
	spec: ModelSpec
): Promise<AdapterVerdict> {
	const check = await records.get(adapterCheckStore, [row.id, spec.id]);
	if (check) return { state: afterTrial[check.result], reason: check.reason };
	const { state } = knownOf(row, spec);
	return { state, reason: `${row.name} and ${spec.name}: ${state}.` };
}

export function scriptedOutcome({ adapter }: AdapterUse, spec: ModelSpec): Known['tried'] {
	const row = upgradeAdapters.find(({ id }) => id === adapter);
	const outcome = row ? knownOf(row, spec).tried : 'failed';
	if (outcome === 'untried') throw new AppError('engine/device-lost');
	return outcome;
}

function knownOf({ name }: AdapterRow, { id }: ModelSpec): Known {
	return known[name]?.[id] ?? no;
}
