import type { EntryId, ModelId, Sha256 } from '../core/ids.ts';
import type { CatalogEntry } from '../library/catalog/catalog-entry.ts';
import type { FrozenModel } from '../library/frozen-model.ts';
import type { ModelListing } from '../library/library-api.ts';

interface Changes extends Partial<Omit<ModelListing, 'entry'>> {
	readonly entry?: Partial<CatalogEntry>;
}

/** A listing of a small chat model that nobody has downloaded, with these changes. Its ids come from its name. */
export function listingOf(name: string, changes: Changes = {}): ModelListing {
	const id = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
	const entry: CatalogEntry = {
		id: id as EntryId,
		name,
		family: 'Tiny',
		summary: 'A model for tests.',
		engine: 'transformers',
		tasks: ['generate'],
		parameters: 1_200_000_000,
		dtype: 'q4f16',
		contextTokens: 8192,
		embedding: null,
		licence: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
		source: { host: 'huggingface', repository: `tests/${id}` },
		revision: '0123456789abcdef0123456789abcdef01234567',
		integrity: 'catalog',
		files: [],
		needs: [],
		replaces: [],
		modelLibrary: null,
		...changes.entry
	};
	return {
		id: `${id}@0123456789ab` as ModelId,
		frozen: null,
		state: { at: 'available' },
		bytes: null,
		freedBytes: 0,
		sharedWith: [],
		updates: null,
		updateTo: null,
		added: false,
		...changes,
		entry
	};
}

/** The entry of that listing, pinned, with one file of weights. */
export function frozenModelOf(listing: ModelListing, bytes = 2_000_000): FrozenModel {
	const { id, name, engine, revision, tasks, contextTokens, dtype, embedding } = listing.entry;
	const { family, summary, parameters, needs, replaces, licence, source } = listing.entry;
	return {
		spec: {
			...{ id: listing.id, name, engine, revision, tasks, contextTokens, dtype, embedding },
			files: [
				{
					path: 'onnx/model.onnx',
					url: 'https://models.test/model.onnx',
					bytes,
					sha256: 'ab'.repeat(32) as Sha256
				}
			]
		},
		about: {
			...{ entry: id, family, summary, parameters, needs, replaces, licence, source },
			origin: 'catalog',
			integrity: listing.entry.integrity === 'publisher' ? 'publisher' : 'catalog'
		}
	};
}
