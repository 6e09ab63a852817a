import {
	adapterPartStore,
	adapterStore,
	type AdapterFile,
	type AdapterPartRow
} from '../adapters/adapter-records.ts';
import { failedChecks } from '../adapters/failed-checks.ts';
import { AppError } from '../core/errors.ts';
import type { Sha256 } from '../core/ids.ts';
import { hashPart } from '../library/store/hash-part.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { blobLines } from './blob-lines.ts';

/** One part of an adapter's file, as a line of a backup file. */
interface PartLine {
	readonly sha256: Sha256;
	readonly part: number;
	readonly base64: string;
}

/** The first line names all adapters with their modules; a part has 4 MiB at most, in base64 a third more. */
const maxLine = 20_000_000;

/** Those whose stored bytes are here and what they should be. */
export async function wholeFiles(
	records: RecordStore,
	files: readonly AdapterFile[]
): Promise<AdapterFile[]> {
	const whole: AdapterFile[] = [];
	for (const file of files) {
		const rows = await records.list(adapterPartStore, { prefix: [file.sha256] });
		if (file.parts > 0 && (await isWhole(file, rows))) whole.push(file);
	}
	return whole;
}

/** The lines of those files, each with its newline; one part is in memory at a time. */
export async function partLines(
	records: RecordStore,
	files: readonly AdapterFile[]
): Promise<Blob[]> {
	const lines: Blob[] = [];
	for (const { sha256, parts } of files) {
		for (let part = 0; part < parts; part++) {
			const row = await records.get(adapterPartStore, [sha256, part]);
			if (!row) throw new AppError('backup/damaged');
			const line: PartLine = { sha256, part, base64: toBase64(row.bytes) };
			lines.push(new Blob([JSON.stringify(line), '\n']));
		}
	}
	return lines;
}

/**
 * Stores parts of those files. What adapters of this device have whole stays as it is: a file from elsewhere may have cut
 * it otherwise. What an adapter whose files are put right has failed with is forgotten; resolves with whether there is one.
 */
export async function storeParts(
	records: RecordStore,
	files: readonly AdapterFile[],
	parts: AsyncIterable<AdapterPartRow>
): Promise<boolean> {
	const hashes = new Set(files.map(({ sha256 }) => sha256));
	const has = (hash: Set<Sha256>) => (file: AdapterFile) => hash.has(file.sha256);
	const rows = (await records.list(adapterStore)).filter((row) => row.files.some(has(hashes)));
	const own = rows.flatMap((row) => row.files.filter(has(hashes)));
	const whole = new Set((await wholeFiles(records, own)).map(({ sha256 }) => sha256));
	const stored = new Set<Sha256>();
	for await (const part of parts) {
		if (whole.has(part.sha256)) continue;
		stored.add(part.sha256);
		await records.commit([write.put(adapterPartStore, part)]);
	}
	const mended = rows.filter((row) => row.files.some(has(stored)));
	for (const { id } of mended) await records.commit(await failedChecks(records, id));
	return mended.length > 0;
}

/** Null where it is far too long. */
export async function firstLine(source: Blob): Promise<string | null> {
	for await (const line of blobLines(source, maxLine)) return line;
	return '';
}

/** Reads the parts that a backup file carries after its first line. Errors: `backup/damaged`. */
export class CarriedParts {
	readonly #source: Blob;
	readonly #files: readonly AdapterFile[];

	constructor(source: Blob, files: readonly AdapterFile[]) {
		this.#source = source;
		this.#files = files;
	}

	/** Resolves when every file is there and its hash is what it should be. */
	async verify(): Promise<void> {
		let rows: AdapterPartRow[] = [];
		const open = [...this.#files];
		for await (const row of this.rows()) {
			rows.push(row);
			const [file] = open;
			if (file?.sha256 !== row.sha256) throw damaged();
			if (rows.length < file.parts) continue;
			if (!(await isWhole(file, rows))) throw damaged();
			open.shift();
			rows = [];
		}
		if (open.length > 0) throw damaged();
	}

	/** In the order of the files. One is in memory at a time. */
	async *rows(): AsyncGenerator<AdapterPartRow> {
		if (this.#files.length === 0) return;
		let first = true;
		for await (const line of blobLines(this.#source, maxLine)) {
			if (!first) yield rowIn(line);
			first = false;
		}
	}
}

function rowIn(line: string | null): AdapterPartRow {
	const parsed = line === null ? null : parse(line);
	const bytes = typeof parsed?.base64 === 'string' ? fromBase64(parsed.base64) : null;
	if (!parsed || !bytes) throw damaged();
	return { sha256: parsed.sha256, part: parsed.part, bytes };
}

function parse(line: string): PartLine | null {
	try {
		return JSON.parse(line) as PartLine | null;
	} catch {
		return null;
	}
}

async function isWhole(file: AdapterFile, rows: readonly AdapterPartRow[]): Promise<boolean> {
	const bytes = rows.reduce((sum, row) => sum + row.bytes.byteLength, 0);
	const inOrder = rows.every(({ part }, at) => part === at);
	if (rows.length !== file.parts || bytes !== file.bytes || !inOrder) return false;
	const whole = await new Blob(rows.map((row) => row.bytes)).arrayBuffer();
	return (await hashPart(new Uint8Array(whole))) === file.sha256;
}

function damaged(): AppError {
	return new AppError('backup/damaged');
}
