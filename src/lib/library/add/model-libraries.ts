import type { ModelLibraryFile } from '../../core/model-spec.ts';
import type { CatalogEntry, CatalogFile } from '../catalog/catalog-entry.ts';

/** A model in MLC format, as far as its configuration tells. */
export interface MlcModel {
	readonly title: string;
	/** As the runtime names it, e.g. `q4f16_1`. */
	readonly quantisation: string;
}

/** Compiled code for models of one shape and quantisation. */
export interface KnownLibrary {
	/** The model that it was compiled for. */
	readonly name: string;
	readonly engine: string;
	readonly library: ModelLibraryFile;
	/** With an address of its own. */
	readonly file: CatalogFile;
}

export type FindModelLibrary = (model: MlcModel) => KnownLibrary | undefined;

/**
 * Looks among the catalog's models for one of the same quantisation whose name is in the model's: weights that were
 * trained further keep the name of what they began as.
 */
export function modelLibrariesOf(catalog: readonly CatalogEntry[]): FindModelLibrary {
	return ({ title, quantisation }) => {
		const name = title.toLowerCase();
		return catalog
			.filter((entry) => entry.dtype === quantisation)
			.map((entry) => ({ known: libraryOf(entry), stem: stemOf(entry) }))
			.filter(({ stem }) => stem !== '' && name.includes(stem))
			.sort((a, b) => b.stem.length - a.stem.length)
			.find(({ known }) => known !== undefined)?.known;
	};
}

function libraryOf({ name, engine, modelLibrary, files }: CatalogEntry): KnownLibrary | undefined {
	const file = files.find(({ path }) => path === modelLibrary?.path);
	if (!modelLibrary || typeof file?.url !== 'string') return undefined;
	return { name, engine, library: modelLibrary, file };
}

/** `qwen3-0.6b` of `mlc-ai/Qwen3-0.6B-q4f16_1-MLC`. */
function stemOf({ source, dtype }: CatalogEntry): string {
	const name = (source?.repository ?? '').replace(/^.*\//, '').toLowerCase();
	return name.replace(/-mlc$/, '').replace(`-${dtype ?? ''}`, '');
}
