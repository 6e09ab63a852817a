import type { LocalFile } from '../library/add/model-address.ts';

/** The parts of the browser's FileSystemEntry that a drop is walked by. */
export interface DroppedEntry {
	readonly name: string;
	readonly isFile: boolean;
	readonly isDirectory: boolean;
	file?(done: (file: File) => void, failed: (error: unknown) => void): void;
	createReader?(): {
		readEntries(done: (entries: DroppedEntry[]) => void, failed: (error: unknown) => void): void;
	};
}

/** All files in the entries, folders included, in depth-first order. What cannot be read is left out. */
export async function droppedFiles(entries: readonly DroppedEntry[]): Promise<File[]> {
	return (await droppedLocalFiles(entries)).map(({ file }) => file);
}

/** The same files with their places: the names of the folders that were dropped stand before theirs. */
export async function droppedLocalFiles(
	entries: readonly DroppedEntry[],
	prefix = ''
): Promise<LocalFile[]> {
	const files: LocalFile[] = [];
	for (const entry of entries) {
		const path = prefix + entry.name;
		if (entry.isFile) {
			const file = await readFile(entry);
			if (file) files.push({ path, file });
		} else if (entry.isDirectory) {
			files.push(...(await droppedLocalFiles(await readFolder(entry), `${path}/`)));
		}
	}
	return files;
}

function readFile(entry: DroppedEntry): Promise<File | null> {
	return new Promise((resolve) => {
		if (entry.file) entry.file(resolve, () => resolve(null));
		else resolve(null);
	});
}

/** A reader hands a folder out in pieces, the last one empty. */
async function readFolder(folder: DroppedEntry): Promise<DroppedEntry[]> {
	const reader = folder.createReader?.();
	const entries: DroppedEntry[] = [];
	if (!reader) return entries;
	for (;;) {
		const piece = await new Promise<DroppedEntry[]>((resolve) => {
			reader.readEntries(resolve, () => resolve([]));
		});
		if (piece.length === 0) return entries;
		entries.push(...piece);
	}
}
