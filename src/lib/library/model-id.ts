import type { ModelId } from '../core/ids.ts';
import type { CatalogEntry } from './catalog/catalog-entry.ts';

/** The id of an entry's files at that revision: equal ids mean equal bytes. Built-in models have no files to tell apart. */
export function modelIdOf(
	{ id, files }: Pick<CatalogEntry, 'id' | 'files'>,
	revision: string
): ModelId {
	return (files.length === 0 ? id : `${id}@${shortRevision(revision)}`) as string as ModelId;
}

function shortRevision(revision: string): string {
	return /^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, 12) : revision;
}
