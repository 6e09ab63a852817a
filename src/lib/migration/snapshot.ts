import { canonicalJson } from '../core/canonical-json.ts';
import { AppError } from '../core/errors.ts';
import type { PlanId, Sha256 } from '../core/ids.ts';
import type { Json } from '../core/json.ts';
import type { SetupRecord } from '../core/setup.ts';
import { hashText } from '../core/text-hash.ts';
import type { Clock } from '../ports/clock.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import type { ConfigStore } from './config-store.ts';
import { snapshotStore, type SnapshotRow } from './migration-records.ts';

export interface SnapshotTools {
	readonly records: RecordStore;
	readonly clock: Clock;
	/** What is saved beside the setup; none by default. */
	readonly configStores?: readonly ConfigStore[];
}

export interface SnapshotSubject {
	readonly planId: PlanId;
	readonly record: SetupRecord;
	readonly reason: NonNullable<SnapshotRow['reason']>;
}

/**
 * Saves the setup with the configuration of this moment, reads the copy back and checks it. One that is there already
 * under that id is replaced. Errors: `backup/damaged` when what was read back is not what was written.
 */
export async function takeSnapshot(
	{ records, clock, configStores = [] }: SnapshotTools,
	{ planId, record, reason }: SnapshotSubject
): Promise<SnapshotRow> {
	const config: Record<string, readonly Json[]> = {};
	for (const store of configStores) config[store.name] = await store.read(records);
	const digest = await snapshotDigest({ record, config });
	const row = { planId, takenAt: clock.now(), record, reason, config, digest };
	await records.commit([write.put(snapshotStore, row)], { durability: 'strict' });
	const copy = await records.get(snapshotStore, [planId]);
	if (!copy || (await isIntact(copy)) !== true || copy.digest !== digest) {
		throw new AppError('backup/damaged');
	}
	return copy;
}

/** Of what a backup would put back: two backups with the same digest say the same. */
export function snapshotDigest({
	record,
	config
}: Pick<SnapshotRow, 'record' | 'config'>): Promise<Sha256> {
	return hashText(canonicalJson({ record, config: config ?? {} }));
}

/** Whether a backup is what was saved; null for one of an earlier version, which has nothing to tell by. */
export async function isIntact(row: SnapshotRow): Promise<boolean | null> {
	return row.digest === undefined ? null : row.digest === (await snapshotDigest(row));
}
