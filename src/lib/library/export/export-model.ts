import { throwIfAborted } from '../../core/abort.ts';
import { AppError, toAppError } from '../../core/errors.ts';
import { frozenOf } from '../entry-of.ts';
import type { ManifestRow, StoredFile } from '../library-api.ts';
import type { OnBytes } from '../model-library.ts';
import { hashPart } from '../store/hash-part.ts';
import type { StoredModelFiles } from '../store/model-store.ts';
import { cutStream } from './cut-stream.ts';
import { exportFileName, exportedModelOf } from './exported-model.ts';
import { claimFolder } from './claim-folder.ts';
import { isNamed, placeIn } from './folder-place.ts';

/**
 * Writes a model into a folder of the user's, each part checked on the way, `sam-model.json` last: without it nothing is
 * claimed. A file that was not finished is taken away again.
 * Errors: `library/export-failed` with the reason, `storage/missing`, `storage/corrupt`, `cancelled`.
 */
export async function exportModel(
	manifest: ManifestRow,
	files: StoredModelFiles,
	folder: FileSystemDirectoryHandle,
	onBytes: OnBytes,
	signal: AbortSignal
): Promise<void> {
	const total = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
	let done = 0;
	try {
		throwIfAborted(signal);
		await claimFolder(folder, manifest);
		for (const file of manifest.files) {
			const stored = await files.open(file.path);
			if (!stored) throw new AppError('storage/missing', { details: { what: file.path } });
			const parts = soundParts(file, stored.body, signal);
			await writeFile(folder, file.path, parts, (bytes) => onBytes((done += bytes), total));
		}
		throwIfAborted(signal);
		const exported = exportedModelOf(frozenOf(manifest));
		const text = new TextEncoder().encode(`${JSON.stringify(exported, null, '\t')}\n`);
		await writeFile(folder, exportFileName, [text], () => undefined);
	} catch (error) {
		throw exportError(error, signal);
	}
}

/** The parts of a file, as they were when it was installed. */
async function* soundParts(
	file: StoredFile,
	body: ReadableStream<Uint8Array<ArrayBuffer>>,
	signal: AbortSignal
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
	let index = 0;
	for await (const part of cutStream(body, file.partBytes)) {
		throwIfAborted(signal);
		if ((await hashPart(part)) !== file.parts[index++]) throw damaged(file);
		yield part;
	}
	if (index !== file.parts.length) throw damaged(file);
}

function damaged({ path }: StoredFile): AppError {
	return new AppError('storage/corrupt', { details: { what: path } });
}

async function writeFile(
	folder: FileSystemDirectoryHandle,
	path: string,
	parts: AsyncIterable<Uint8Array<ArrayBuffer>> | Iterable<Uint8Array<ArrayBuffer>>,
	onWritten: (bytes: number) => void
): Promise<void> {
	const place = await placeIn(folder, path, { create: true });
	const handle = await place.folder.getFileHandle(place.name, { create: true });
	const writable = await handle.createWritable();
	try {
		for await (const part of parts) {
			await writable.write(part);
			onWritten(part.byteLength);
		}
		await writable.close();
	} catch (error) {
		// The first failure counts; a folder that is gone cannot be tidied.
		await writable.abort().catch(() => undefined);
		await place.folder.removeEntry(place.name).catch(() => undefined);
		throw error;
	}
}

const reasons: Readonly<Record<string, string>> = {
	NotAllowedError: 'SAM may not write there',
	SecurityError: 'SAM may not write there',
	QuotaExceededError: 'the disk is full',
	NoModificationAllowedError: 'another program is using one of its files',
	InvalidModificationError: 'another program is using one of its files',
	TypeMismatchError: 'a folder stands where a file should be, or a file where a folder should be',
	NotFoundError: 'the folder is gone'
};

function exportError(error: unknown, signal: AbortSignal): AppError {
	if (signal.aborted) return new AppError('cancelled', { cause: signal.reason });
	const known = Object.keys(reasons).find((name) => isNamed(error, name));
	if (known === undefined) return toAppError(error, 'library/export-failed');
	const reason = reasons[known] ?? '';
	return new AppError('library/export-failed', { cause: error, details: { reason } });
}
