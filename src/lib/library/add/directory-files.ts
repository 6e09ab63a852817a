import type { LocalFile } from './model-address.ts';

/** All files of a folder and the folders in it, but for hidden ones. Errors: those of the browser. */
export async function* directoryFiles(
	folder: FileSystemDirectoryHandle,
	prefix = ''
): AsyncGenerator<LocalFile> {
	for await (const [name, handle] of folder.entries()) {
		if (name.startsWith('.')) continue;
		const path = prefix + name;
		if (isFolder(handle)) yield* directoryFiles(handle, `${path}/`);
		else yield { path, file: await handle.getFile() };
	}
}

function isFolder(handle: FileSystemHandle): handle is FileSystemDirectoryHandle {
	return handle.kind === 'directory';
}
