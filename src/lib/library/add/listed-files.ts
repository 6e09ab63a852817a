import type { CatalogFile } from '../catalog/catalog-entry.ts';
import { notAModel } from './not-a-model.ts';
import type { RepositoryView } from './repository-view.ts';

const pointerStart = 'version https://git-lfs';

/**
 * Those of the files that are there, as an entry lists them. Errors: `add/not-a-model` for an empty one, and for one
 * that only points to its content, as after a clone without Git LFS.
 */
export async function listedFiles(
	view: RepositoryView,
	paths: readonly string[]
): Promise<readonly CatalogFile[]> {
	const listed: CatalogFile[] = [];
	for (const path of paths) {
		const file = view.files.find((each) => each.path === path);
		if (!file) continue;
		if (file.bytes === 0) throw notAModel(view.title, `${path} is empty`);
		if (file.bytes < 1000 && (await isPointer(view, path)))
			throw notAModel(view.title, `${path} is a pointer of Git LFS, not the file itself`);
		listed.push({ path, url: null, bytes: file.bytes, sha256: null });
	}
	return listed;
}

async function isPointer(view: RepositoryView, path: string): Promise<boolean> {
	const bytes = await view.readSmall(path);
	return new TextDecoder().decode(bytes ?? new Uint8Array()).startsWith(pointerStart);
}
