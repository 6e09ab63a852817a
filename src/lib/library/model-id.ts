import type { ModelId, Sha256 } from '../core/ids.ts';
import type { CatalogEntry } from './catalog/catalog-entry.ts';

/**
 * The id of an entry's files at that revision: equal ids mean equal bytes. Built-in models have no files to tell apart;
 * a compiled `library` comes from another repository than the weights, so the revision alone does not name it.
 */
export function modelIdOf(
	{ id, files }: Pick<CatalogEntry, 'id' | 'files'>,
	revision: string,
	library?: Sha256
): ModelId {
	const built = library === undefined ? '' : `-${library.slice(0, 6)}`;
	const named = files.length === 0 ? id : `${id}@${shortRevision(revision)}${built}`;
	return named as ModelId;
}

function shortRevision(revision: string): string {
	return /^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, 12) : revision;
}
