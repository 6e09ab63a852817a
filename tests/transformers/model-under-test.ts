import { readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import type { ModelId, Sha256 } from '../../src/lib/core/ids.ts';
import type { ModelFile, ModelSpec } from '../../src/lib/core/model-spec.ts';
import { findVariants } from '../../src/lib/library/add/find-variants.ts';
import type { RepositoryView } from '../../src/lib/library/add/repository-view.ts';
import type { CatalogEntry } from '../../src/lib/library/catalog/catalog-entry.ts';
import { exportFileName, parseExportedModel } from '../../src/lib/library/export/exported-model.ts';

/** Where the test finds the files of the model, on its own server. */
export const modelPath = '/model-under-test/';

/** The folder that the environment names: exported by Core Engines, or laid out as on the hub. */
export const modelFolder = process.env.TRANSFORMERS_TEST_MODEL;

/**
 * What Core Engines would say of the model in the folder; null where the environment names none. Of several
 * quantisations it takes the one that `TRANSFORMERS_TEST_DTYPE` names, else the one that SAM recommends.
 */
export async function realModel(): Promise<ModelSpec | null> {
	if (!modelFolder) return null;
	const folder = modelFolder;
	const view = viewOf(folder);
	const exported = await view.readSmall(exportFileName);
	if (exported) {
		const { spec, files } = parseExportedModel(new TextDecoder().decode(exported), view.title);
		return { ...spec, files: files.map((file) => ({ ...file, url: modelPath + file.path })) };
	}
	const { variants } = await findVariants(view, () => undefined, AbortSignal.timeout(60_000));
	const wanted = process.env.TRANSFORMERS_TEST_DTYPE;
	const chosen = variants.find(({ entry, recommended }) =>
		wanted ? entry.dtype === wanted : recommended
	);
	if (!chosen) throw new Error(`${folder} has no graph of dtype ${wanted ?? ''}.`);
	return specOf(chosen.entry, folder);
}

function viewOf(folder: string): RepositoryView {
	const files = readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((item) => item.isFile() && !item.name.startsWith('.'))
		.map((item) => join(item.parentPath, item.name))
		.map((file) => ({ path: relative(folder, file).replaceAll(sep, '/'), file }));
	return {
		...{ title: basename(folder), source: null, revision: 'local', licence: null },
		files: files.map(({ path, file }) => ({ path, bytes: statSync(file).size })),
		readSmall: async (path) => {
			const found = files.find((each) => each.path === path);
			return found ? new Uint8Array(await readFile(found.file)) : null;
		}
	};
}

/** Nobody checks digests here: the files are on this machine, and are read once. */
function specOf({ id, name, engine, ...entry }: CatalogEntry, folder: string): ModelSpec {
	const files = entry.files.map(({ path }): ModelFile => ({
		...{ path, url: modelPath + path, sha256: '' as Sha256 },
		bytes: statSync(join(folder, path)).size
	}));
	const { tasks, contextTokens, dtype, embedding, reasoning = null } = entry;
	return {
		...{ id: id as string as ModelId, name, engine, revision: 'local' },
		...{ tasks, contextTokens, dtype, embedding, reasoning, files }
	};
}
