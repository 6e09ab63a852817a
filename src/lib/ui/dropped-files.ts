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

/** What of a drop tells what was dropped. */
export interface Dropped {
	readonly files: Iterable<File>;
	readonly items: Iterable<{ webkitGetAsEntry(): DroppedEntry | null }>;
}

/** All files that were dropped, those of folders too. Call it while the drop is being dealt with. */
export async function droppedFiles({ files, items }: Dropped): Promise<LocalFile[]> {
	// Both lists are empty once this task has ended.
	const loose = [...files].map((file) => ({ path: file.name, file }));
	const entries = [...items]
		.map((item) => item.webkitGetAsEntry())
		.filter((entry) => entry !== null);
	return entries.some(({ isDirectory }) => isDirectory) ? filesIn(entries) : loose;
}

/**
 * The files in these entries, in depth-first order; the names of the folders that were dropped stand before theirs. What
 * cannot be read is left out.
 */
async function filesIn(entries: readonly DroppedEntry[], prefix = ''): Promise<LocalFile[]> {
	const files: LocalFile[] = [];
	for (const entry of entries) {
		const path = prefix + entry.name;
		if (entry.isFile) {
			const file = await readFile(entry);
			if (file) files.push({ path, file });
		} else if (entry.isDirectory) {
			files.push(...(await filesIn(await readFolder(entry), `${path}/`)));
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
