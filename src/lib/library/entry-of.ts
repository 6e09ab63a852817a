import type { EntryId } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { CatalogEntry } from './catalog/catalog-entry.ts';
import type { FrozenModel, ModelAbout } from './frozen-model.ts';
import type { ManifestRow } from './library-api.ts';

/** A frozen model as an entry: what the list shows of it, whatever the catalog says today. */
export function entryOf({ spec, about }: FrozenModel): CatalogEntry {
	const { engine, name, tasks, dtype, contextTokens, embedding, revision, files, reasoning } = spec;
	const { entry, family, summary, parameters, licence, source, needs, replaces } = about;
	return {
		...{ id: entry, name, family, summary, engine, tasks, parameters, dtype, contextTokens },
		...{ embedding, licence, source, revision, files, needs, replaces },
		integrity: about.integrity === 'computed' ? 'catalog' : about.integrity,
		modelLibrary: spec.modelLibrary ?? null,
		...(reasoning && { reasoning })
	};
}

/** A model that comes with the app, as an entry: for when there is no catalog to describe it. */
export function builtInEntry(spec: ModelSpec): CatalogEntry {
	return entryOf({ spec, about: { ...unknownAbout(spec), integrity: 'built-in' } });
}

/** The frozen model that a manifest was written for. */
export function frozenOf({ spec, about }: ManifestRow): FrozenModel {
	return { spec, about: about ?? unknownAbout(spec) };
}

/** Of models that were installed before this was written down. */
function unknownAbout({ id, name }: ModelSpec): ModelAbout {
	return {
		entry: id as string as EntryId,
		...{ family: name, summary: '', parameters: null, licence: null, source: null },
		...{ needs: [], replaces: [], origin: 'catalog', integrity: 'catalog' }
	};
}
