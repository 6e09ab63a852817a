import type { CatalogEntry } from '../../library/catalog/catalog-entry.ts';

/** Where people can look at a model's files at its revision; null for models from nowhere public. */
export function sourceUrl({
	source,
	revision
}: Pick<CatalogEntry, 'source' | 'revision'>): string | null {
	if (!source) return null;
	const host = source.host === 'github' ? 'https://github.com' : 'https://huggingface.co';
	return `${host}/${source.repository}/tree/${encodeURIComponent(revision)}`;
}

/** The beginning of a commit, which tells it from others; a branch or a version as it is. */
export function shortRevision(revision: string): string {
	return /^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, 12) : revision;
}
