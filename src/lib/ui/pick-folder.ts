interface FolderPicker {
	showDirectoryPicker?: (options: {
		readonly id: string;
		readonly mode: 'read' | 'readwrite';
	}) => Promise<FileSystemDirectoryHandle>;
}

/** Whether this browser lets the user open a folder to pages. */
export function canPickFolder(): boolean {
	return (globalThis as FolderPicker).showDirectoryPicker !== undefined;
}

/**
 * Lets the user choose a folder. Null when they chose none, and in browsers without folders. Call it while a click is
 * being dealt with. Errors: those of the browser.
 */
export async function pickFolder(
	mode: 'read' | 'readwrite'
): Promise<FileSystemDirectoryHandle | null> {
	try {
		const chosen = (globalThis as FolderPicker).showDirectoryPicker?.({ id: 'models', mode });
		return (await chosen) ?? null;
	} catch (error) {
		if (error instanceof DOMException && error.name === 'AbortError') return null;
		throw error;
	}
}
