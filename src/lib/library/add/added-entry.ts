import type { EntryId } from '../../core/ids.ts';
import type { CatalogEntry } from '../catalog/catalog-entry.ts';
import type { RepositoryView } from './repository-view.ts';

type Found = Pick<
	CatalogEntry,
	'family' | 'engine' | 'tasks' | 'contextTokens' | 'embedding' | 'files' | 'modelLibrary'
> & { readonly dtype: string };

/**
 * An entry for a quantisation that was found. Its id tells where it is from, so that it is never taken for one of the
 * catalog; whose digests are unknown is left to freezing.
 */
export function addedEntry(view: RepositoryView, found: Found): CatalogEntry {
	const name = view.title.slice(view.title.lastIndexOf('/') + 1);
	const place = view.source ? 'hf' : 'local';
	const where = view.source ? `from ${view.title}` : 'from files of this device';
	return {
		...found,
		id: [place, slug(view.title), slug(found.dtype)].join('-') as EntryId,
		name: `${name} (${found.dtype})`,
		summary: `Added by you ${where}.`,
		parameters: null,
		licence: view.licence,
		source: view.source,
		revision: view.revision,
		integrity: 'publisher',
		needs: [],
		replaces: []
	};
}

/** In the letters of ids. */
function slug(text: string): string {
	const plain = text.normalize('NFKD').toLowerCase();
	return plain.replace(/[^a-z0-9.]+/g, '-').replace(/^[-.]+|[-.]+$/g, '') || 'model';
}
