import { adapterIdOf } from '../adapters/adapter-id.ts';
import type { AdapterRow } from '../adapters/adapter-records.ts';
import { isPlainText } from '../core/plain-text.ts';

/** Beyond it there are no dates. Epoch milliseconds. */
export const latestTime = 8.64e15;

/** A file of an adapter lies in no folder. */
const bareName = /^\w[\w.-]{0,254}$/;

/**
 * Why adapters from a file cannot be those that SAM wrote, where each row by itself may be one: `it has the adapter
 * "pirate" twice`. Null for nothing.
 */
export async function adaptersFault(rows: readonly AdapterRow[]): Promise<string | null> {
	const seen = new Set<string>();
	for (const row of rows) {
		if (!isPlainText(row.name)) return 'the name of one of its adapters has hidden characters';
		const called = `"${row.name.slice(0, 80)}"`;
		if (seen.has(row.id)) return `it has the adapter ${called} twice`;
		seen.add(row.id);
		const fault = await faultOf(row);
		if (fault) return fault.replace('{it}', `its adapter ${called}`);
	}
	return null;
}

async function faultOf({ id, files, addedAt }: AdapterRow): Promise<string | null> {
	const paths = new Set(files.map(({ path }) => path));
	if (paths.size === 0 || files.some(({ bytes, parts }) => parts === 0 || bytes < parts))
		return '{it} has no files';
	if (paths.size < files.length) return '{it} has two files of the same name';
	if (![...paths].every((path) => bareName.test(path)))
		return 'a file of {it} has a name that no such file has';
	if (addedAt > latestTime) return '{it} has a date that there is not';
	if ((await adapterIdOf(files)) !== id) return 'the files of {it} are not those of that adapter';
	return null;
}
