import * as z from 'zod/mini';
import type { AdapterFile, AdapterPartRow } from '../adapters/adapter-records.ts';
import { formatBytes } from '../core/bytes.ts';
import { AppError } from '../core/errors.ts';
import { isNestedDeeper } from '../core/is-nested-deeper.ts';
import type { PlanId } from '../core/ids.ts';
import type { ConfigStore } from '../migration/config-store.ts';
import type { SnapshotRow } from '../migration/migration-records.ts';
import { isIntact, snapshotDigest } from '../migration/snapshot.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { adapterFilesOf } from './adapter-files-kept.ts';
import { adapterConfigStore, rowsIn } from './adapter-rows.ts';
import { adaptersFault, latestTime } from './adapters-fault.ts';
import { CarriedParts, firstLine, partLines, wholeFiles } from './backup-adapters.ts';

const format = 'sam-backup';
/** Without adapters a backup is a few kilobytes. */
const maxBytes = 5_000_000;
/** With them: as much as one file may carry, here and when it is written. In base64 they take a third more. */
const maxFileBytes = 512_000_000;
/** Of lists and objects in one another. A backup of SAM has nine levels; what reads it would need a stack for more. */
const maxDepth = 32;

const text = z.string().check(z.minLength(1), z.maxLength(500));
const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const time = z.number().check(z.minimum(0), z.maximum(latestTime));
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
	backup: z.unknown(),
	files: z.optional(z.array(sha256).check(z.maxLength(10_000)))
});

/** A backup that was read from a file, and the parts of adapters that came with it, verified. */
export interface ReadBackup {
	readonly row: SnapshotRow;
	/** To be stored before the row. One is in memory at a time. */
	readonly parts: () => AsyncIterable<AdapterPartRow>;
}

interface Reading {
	readonly source: Blob;
	readonly name: string;
	readonly id: PlanId;
	readonly stores: readonly ConfigStore[];
}

/**
 * A backup as a file that can be added again, here or on another device. Without adapters it is one JSON. With adapters,
 * the first line is that JSON, and each further line is one part of an adapter's file; adapters whose stored bytes are
 * gone or damaged are left out. Errors: `backup/too-large`.
 */
export async function backupFile(row: SnapshotRow, records: RecordStore): Promise<Blob> {
	const { takenAt, record: saved, config } = row;
	const digest = row.digest ?? (await snapshotDigest(row));
	const content = { takenAt, record: saved, config, digest };
	const files = await wholeFiles(records, adapterFilesOf(row));
	if (files.length === 0) {
		return new Blob([JSON.stringify({ format, version: 1, backup: content }, null, '\t')]);
	}
	const bytes = files.reduce((sum, each) => sum + each.bytes, 0);
	if ((bytes * 4) / 3 > maxFileBytes * 0.98) throw tooLarge(bytes);
	const carried = files.map(({ sha256: hash }) => hash);
	const head = JSON.stringify({ format, version: 2, backup: content, files: carried });
	return new Blob([head, '\n', ...(await partLines(records, files))]);
}

/**
 * The backup in a file, under that id, as if it had been taken by hand. Nothing is stored. Errors: `backup/unreadable` for
 * what is no such file or holds a value that SAM would never have written, `backup/damaged` when its fingerprint does not
 * match, or that of an adapter's file in it.
 */
export async function readBackupFile(reading: Reading): Promise<ReadBackup> {
	const { source, name, stores } = reading;
	const refuse = (reason: string, cause?: unknown): AppError =>
		new AppError('backup/unreadable', { details: { name, reason }, cause });
	if (source.size > maxFileBytes) throw refuse(`it is larger than ${formatBytes(maxFileBytes)}`);
	const content = await contentOf(source, refuse);
	if (isNestedDeeper(content, maxDepth)) throw refuse('it is nested too deep');
	const outer = file.safeParse(content);
	if (!outer.success) throw refuse('it is not a backup of SAM', outer.error);
	if (outer.data.version > 2) throw refuse('a newer version of SAM wrote it');
	const inner = backup.safeParse(outer.data.backup);
	if (!inner.success) throw refuse(whyNot(inner.error), inner.error);
	const row = rowOf(outer.data.backup as SnapshotRow, reading.id);
	if ((await isIntact(row)) !== true) throw new AppError('backup/damaged');
	for (const store of stores) {
		if (!(row.config?.[store.name] ?? []).every((each) => store.accepts(each))) {
			throw refuse(`its ${store.name} have a value that SAM does not know`);
		}
	}
	const fault = await adaptersFault(rowsIn(row.config?.[adapterConfigStore.name] ?? []));
	if (fault) throw refuse(fault);
	const { version, files: carried = [] } = outer.data;
	if (version > 1 && carried.length === 0) throw new AppError('backup/damaged');
	const parts = new CarriedParts(source, carriedBy(row, carried));
	await parts.verify();
	return { row, parts: () => parts.rows() };
}

/** What stands in its first line, or in all of it. */
async function contentOf(
	source: Blob,
	refuse: (reason: string, cause?: unknown) => AppError
): Promise<unknown> {
	const first = await firstLine(source);
	try {
		return JSON.parse(first ?? '') as unknown;
	} catch (error) {
		if (source.size > maxBytes) throw refuse('it is far too large', error);
	}
	try {
		return JSON.parse(await source.text()) as unknown;
	} catch (error) {
		throw refuse('it holds no JSON', error);
	}
}

/** As it stands there: what was checked may know less than what the fingerprint is of. */
function rowOf({ takenAt, record: saved, config, digest }: SnapshotRow, id: PlanId): SnapshotRow {
	return {
		planId: id,
		takenAt,
		record: saved,
		reason: 'by-hand',
		...(config && { config }),
		...(digest && { digest })
	};
}

/** The files of its adapters that the lines are of. Errors: `backup/damaged` for one that it does not name. */
function carriedBy(row: SnapshotRow, hashes: readonly string[]): AdapterFile[] {
	const named = new Map<string, AdapterFile>(
		adapterFilesOf(row).map((each) => [each.sha256, each])
	);
	return hashes.map((hash) => {
		const known = named.get(hash);
		if (!known) throw new AppError('backup/damaged');
		// Each comes once.
		named.delete(hash);
		return known;
	});
}

function tooLarge(bytes: number): AppError {
	return new AppError('backup/too-large', {
		details: { bytes: formatBytes(bytes), limit: formatBytes((maxFileBytes * 3) / 4) }
	});
}

/** By its first fault. */
function whyNot({ issues }: z.core.$ZodError): string {
	const place = (issues[0]?.path ?? []).map(String).join('.').slice(0, 80);
	if (place === 'record.version') return 'a newer version of SAM wrote it';
	return `its ${place || 'content'} is not what it should be`;
}
