/** The folder and the name that a path leads to. Errors: those of the browser, such as `NotFoundError`. */
export async function placeIn(
	root: FileSystemDirectoryHandle,
	path: string,
	options: { readonly create: boolean }
): Promise<{ readonly folder: FileSystemDirectoryHandle; readonly name: string }> {
	const parts = path.split('/');
	const name = parts.pop() ?? '';
	let folder = root;
	for (const part of parts) folder = await folder.getDirectoryHandle(part, options);
	return { folder, name };
}

/** The file at that path, or null. */
export async function fileIn(root: FileSystemDirectoryHandle, path: string): Promise<File | null> {
	try {
		const { folder, name } = await placeIn(root, path, { create: false });
		return await (await folder.getFileHandle(name)).getFile();
	} catch (error) {
		if (isNamed(error, 'NotFoundError')) return null;
		throw error;
	}
}

/** True for errors of the browser with that name. */
export function isNamed(error: unknown, name: string): boolean {
	return error instanceof Error && error.name === name;
}
