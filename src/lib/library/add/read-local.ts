import { AppError } from '../../core/errors.ts';
import type { LocalFile } from './model-address.ts';

/**
 * Those bytes of a file of the user's disk. Errors: `add/wrong-files` when it has changed or gone since it was chosen;
 * `name` is whose file it is, for people.
 */
export async function readLocal(
	{ path, file }: LocalFile,
	name: string,
	from = 0,
	until = file.size
): Promise<Uint8Array<ArrayBuffer>> {
	try {
		return new Uint8Array(await file.slice(from, until).arrayBuffer());
	} catch (error) {
		throw unreadableFile(path, name, error);
	}
}

/** The browser says `NotReadableError` or `NotFoundError` of files that were edited, moved or deleted meanwhile. */
export function unreadableFile(path: string, name: string, cause: unknown): AppError {
	const reason = `${path} has been changed, moved or deleted since it was chosen`;
	return new AppError('add/wrong-files', { cause, details: { name, reason } });
}
