import { canPickFolder, pickFolder } from '$lib/ui/pick-folder.ts';
import { saveFile } from '../save-file.ts';

/** Keeps one file of an adapter outside the app. */
type SaveAdapterFile = (
	path: string,
	body: ReadableStream<Uint8Array<ArrayBuffer>>
) => Promise<void>;

/**
 * Where the files of an adapter go: a new folder, named after it, in one that the user chooses; in browsers without
 * folders each is a download. Null when the user chose none. Call it while a click is being dealt with. Errors: those of
 * the browser.
 */
export async function saveAdapterFiles(name: string): Promise<SaveAdapterFile | null> {
	if (!canPickFolder())
		return async (path, body) => saveFile(path, await new Response(body).blob());
	const chosen = await pickFolder('readwrite');
	if (!chosen) return null;
	const folder = await newFolder(chosen, folderName(name));
	return async (path, body) => {
		const file = await folder.getFileHandle(path, { create: true });
		await body.pipeTo(await file.createWritable());
	};
}

/** Nothing that is there is written over. */
async function newFolder(
	parent: FileSystemDirectoryHandle,
	name: string
): Promise<FileSystemDirectoryHandle> {
	const taken = new Set<string>();
	for await (const each of parent.keys()) taken.add(each.toLowerCase());
	let free = name;
	for (let n = 2; taken.has(free.toLowerCase()); n++) free = `${name} ${n}`;
	return parent.getDirectoryHandle(free, { create: true });
}

/** What every system takes as a name. */
function folderName(name: string): string {
	const plain = name.replace(/[^\p{L}\p{N} ._-]+/gu, '-').replace(/^[. -]+|[. -]+$/g, '');
	return plain.slice(0, 80) || 'adapter';
}
