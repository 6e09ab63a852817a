import * as z from 'zod/mini';
import { AppError } from '../core/errors.ts';
import type { PlanId } from '../core/ids.ts';
import type { ConfigStore } from '../migration/config-store.ts';
import type { SnapshotRow } from '../migration/migration-records.ts';
import { isIntact, snapshotDigest } from '../migration/snapshot.ts';

const format = 'sam-backup';
/** A backup is a few kilobytes. */
const maxBytes = 5_000_000;

const text = z.string().check(z.minLength(1), z.maxLength(500));
const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const time = z.number().check(z.minimum(0));
const count = z.int().check(z.minimum(0));
const choice = z.object({ engine: text, model: text, revision: text, name: text });
const setup = z.object({
	chat: choice,
	embedding: choice,
	index: text,
	adapters: z.array(
		z.object({ adapter: sha256, strength: z.number().check(z.minimum(0), z.maximum(2)) })
	)
});
const trial = z.object({
	planId: text,
	previous: setup,
	startedAt: time,
	keepUntil: time,
	unprovenStarts: count
});
const record = z.object({
	id: z.literal('active'),
	version: z.literal(1),
	sequence: count,
	current: setup,
	since: time,
	trial: z.nullable(trial)
});
const backup = z.object({
	takenAt: time,
	record,
	config: z.optional(z.record(z.string(), z.array(z.json()))),
	digest: sha256
});
const file = z.object({
	format: z.literal(format),
	version: z.int().check(z.minimum(1)),
	backup: z.unknown()
});

/** A backup as a file that can be added again, here or on another device. */
export async function backupFile(row: SnapshotRow): Promise<string> {
	const { takenAt, record: saved, config } = row;
	const digest = row.digest ?? (await snapshotDigest(row));
	const content = { takenAt, record: saved, config, digest };
	return JSON.stringify({ format, version: 1, backup: content }, null, '\t');
}

/**
 * The backup in a file, under that id, as if it had been taken by hand. Errors: `backup/unreadable` for what is no such
 * file or holds a value that SAM would never have written, `backup/damaged` when its fingerprint does not match.
 */
export async function readBackupFile(
	source: Blob,
	name: string,
	id: PlanId,
	stores: readonly ConfigStore[]
): Promise<SnapshotRow> {
	const refuse = (reason: string, cause?: unknown): AppError =>
		new AppError('backup/unreadable', { details: { name, reason }, cause });
	if (source.size > maxBytes) throw refuse('it is far too large');
	const content: unknown = await source.text().then((json) => {
		try {
			return JSON.parse(json) as unknown;
		} catch (error) {
			throw refuse('it holds no JSON', error);
		}
	});
	const outer = file.safeParse(content);
	if (!outer.success) throw refuse('it is not a backup of SAM', outer.error);
	if (outer.data.version > 1) throw refuse('a newer version of SAM wrote it');
	const inner = backup.safeParse(outer.data.backup);
	if (!inner.success)
		throw refuse(`its ${placeOf(inner.error)} is not what it should be`, inner.error);
	// As it stands there: what was checked may know less than what the fingerprint is of.
	const { takenAt, record: saved, config, digest } = outer.data.backup as SnapshotRow;
	const row: SnapshotRow = {
		planId: id,
		takenAt,
		record: saved,
		reason: 'by-hand',
		...(config && { config }),
		...(digest && { digest })
	};
	if ((await isIntact(row)) !== true) throw new AppError('backup/damaged');
	for (const store of stores) {
		if (!(config?.[store.name] ?? []).every((each) => store.accepts(each))) {
			throw refuse(`its ${store.name} have a value that SAM does not know`);
		}
	}
	return row;
}

/** Where the first fault is: `record.current.chat`. */
function placeOf({ issues }: z.core.$ZodError): string {
	const path = issues[0]?.path ?? [];
	return path.length > 0 ? path.map(String).join('.') : 'content';
}
