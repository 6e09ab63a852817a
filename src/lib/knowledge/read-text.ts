import { AppError } from '../core/errors.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { type DocumentRow, documentTextStore, type Section } from './knowledge-records.ts';

/** The text of a document that is here. Errors: `storage/corrupt`. */
export async function readText(
	records: RecordStore,
	{ id, name }: DocumentRow
): Promise<readonly Section[]> {
	const row = await records.get(documentTextStore, id);
	if (row) return row.sections;
	throw new AppError('storage/corrupt', { details: { what: `the text of ${name}`, document: id } });
}
