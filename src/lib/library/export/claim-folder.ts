import { AppError } from '../../core/errors.ts';
import type { ManifestRow } from '../library-api.ts';
import { exportFileName, parseExportedModel, type ExportedModel } from './exported-model.ts';
import { fileIn } from './folder-place.ts';

/**
 * Makes sure that nothing of the user's is written over, and takes an earlier export of the same model back until it is
 * whole again. Errors: `library/export-failed` when the folder holds another model, or a file of the same name that is
 * not the model's.
 */
export async function claimFolder(
	folder: FileSystemDirectoryHandle,
	{ model, files }: ManifestRow
): Promise<void> {
	const earlier = await fileIn(folder, exportFileName);
	if (earlier && earlier.size > 0) {
		const { spec } = await describedBy(earlier);
		if (spec.id !== model) throw refused(`it holds another model (${spec.name})`);
		await folder.removeEntry(exportFileName);
		return;
	}
	for (const { path, bytes } of files) {
		const there = await fileIn(folder, path);
		// What an export that was cut short has left is whole or empty.
		if (there && there.size !== bytes && there.size !== 0)
			throw refused(`it holds another ${path}; choose an empty folder`);
	}
}

async function describedBy(file: File): Promise<ExportedModel> {
	try {
		return parseExportedModel(await file.text(), file.name);
	} catch {
		throw refused(`it holds a ${exportFileName} that cannot be read; choose an empty folder`);
	}
}

function refused(reason: string): AppError {
	return new AppError('library/export-failed', { details: { reason } });
}
