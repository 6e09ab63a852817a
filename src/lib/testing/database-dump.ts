import type { RecordKey, RecordStore } from '../ports/record-store.ts';
import { everyStore } from './every-store.ts';

export interface DumpedRow {
	readonly key: RecordKey;
	readonly row: unknown;
}

/** A whole database as JSON: bytes stand in it as `{ $bytes: base64, as: … }`. */
export interface DatabaseDump {
	readonly version: number;
	readonly stores: Readonly<Record<string, readonly DumpedRow[]>>;
}

/** Everything that is in these records, as a database of that version of the schema. */
export async function dumpDatabase(records: RecordStore, version: number): Promise<DatabaseDump> {
	const stores: Record<string, DumpedRow[]> = {};
	for (const store of everyStore) {
		const rows = await records.list(store);
		stores[store.name] = rows.map((row) => ({ key: store.keyOf(row), row: withoutBytes(row) }));
	}
	return { version, stores };
}

/** The row as it was stored. */
export function withBytes(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(withBytes);
	if (typeof value !== 'object' || value === null) return value;
	if ('$bytes' in value && 'as' in value && typeof value.$bytes === 'string') {
		const bytes = Uint8Array.from(atob(value.$bytes), (letter) => letter.charCodeAt(0));
		return value.as === 'ArrayBuffer' ? bytes.buffer : bytes;
	}
	return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withBytes(item)]));
}

function withoutBytes(value: unknown): unknown {
	if (value instanceof ArrayBuffer)
		return { $bytes: base64(new Uint8Array(value)), as: 'ArrayBuffer' };
	if (value instanceof Uint8Array) return { $bytes: base64(value), as: 'Uint8Array' };
	if (Array.isArray(value)) return value.map(withoutBytes);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, item]) => [name, withoutBytes(item)])
	);
}

function base64(bytes: Uint8Array): string {
	return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
