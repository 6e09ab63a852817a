import type { ModelId } from '../../core/ids.ts';
import type { CatalogEntry } from '../catalog/catalog-entry.ts';
import { exportFileName, type ExportedModel } from '../export/exported-model.ts';
import type { FrozenModel, ModelAbout } from '../frozen-model.ts';
import { modelIdOf } from '../model-id.ts';
import { localRevision } from './freeze-local.ts';
import { notAModel } from './not-a-model.ts';
import type { ViewedFile } from './repository-view.ts';

/** Where the files of an exported folder are. */
export interface ExportPlace {
	readonly title: string;
	readonly origin: ModelAbout['origin'];
	/** Null where the sizes cannot be known before the download. */
	readonly files: readonly ViewedFile[] | null;
	urlOf(model: ModelId, path: string): string;
}

/**
 * The model of an exported folder, under the id that its content has anywhere. Its digests are those of the export: the
 * download holds the files to them. Errors: `add/not-a-model` when a file is missing or of another size, and when it
 * claims to be a model of the catalog and is not.
 */
export async function frozenFromExport(
	{ spec, about, files }: ExportedModel,
	place: ExportPlace,
	catalog: readonly CatalogEntry[]
): Promise<FrozenModel> {
	for (const { path, bytes } of place.files ? files : []) {
		const there = place.files?.find((file) => file.path === path);
		if (!there) throw notAModel(place.title, `${path} is missing`);
		if (there.bytes !== bytes)
			throw notAModel(place.title, `${path} has ${there.bytes} bytes instead of ${bytes}`);
	}
	const known = catalog.find(({ id }) => id === about.entry);
	const other = known?.revision === spec.revision ? otherBytes(known, files) : undefined;
	if (known && other !== undefined)
		throw notAModel(place.title, `it claims to be ${known.name}, but its ${other} is another`);
	const isLocal = spec.revision.startsWith('local-');
	if (
		known?.integrity === 'built-in' ||
		(isLocal && spec.revision !== (await localRevision(files)))
	)
		throw notAModel(place.title, `${exportFileName} does not belong to these files`);
	const unplaced = files.map((file) => ({ ...file, url: null }));
	const id = modelIdOf({ id: about.entry, files: unplaced }, spec.revision);
	const placed = files.map((file) => ({ ...file, url: place.urlOf(id, file.path) }));
	return { spec: { ...spec, id, files: placed }, about: { ...about, origin: place.origin } };
}

/** The first file whose digest the catalog states, and states differently. */
function otherBytes(known: CatalogEntry, files: ExportedModel['files']): string | undefined {
	const digests = new Map(files.map(({ path, sha256 }) => [path, sha256]));
	return known.files.find(({ path, sha256 }) => sha256 !== null && digests.get(path) !== sha256)
		?.path;
}
