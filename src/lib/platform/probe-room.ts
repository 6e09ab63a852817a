import { newId } from '../core/ids.ts';

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;

/** Lies in the origin's private file system, empty but while somebody probes. */
const folderName = 'room-probe';

/** A file that can be sized at once. Only workers get one, and no old Safari. */
interface SyncFile {
	truncate(bytes: number): void;
	getSize(): number;
	close(): void;
}

interface MaybeSync {
	readonly kind: 'file';
	createSyncAccessHandle?(): Promise<SyncFile>;
}

/**
 * Whether so many bytes more would fit now, found out by reserving them for a moment; undefined where this browser or
 * this thread cannot reserve. Never rejects. Probes of all tabs run one after another, or each would take the room that
 * another one asks for.
 */
export async function probeRoom(bytes: number): Promise<boolean | undefined> {
	try {
		return await navigator.locks.request(folderName, () => reserveAll(bytes));
	} catch {
		return undefined;
	}
}

/**
 * File sizes that add up to `bytes`, rounded up to a MiB, largest first. The browser counts an open file as a power of
 * two of MiB below 1 GiB and as whole GiB above: files of just these sizes count as what they are.
 */
export function reservationSizes(bytes: number): number[] {
	const mebibytes = Math.ceil(bytes / mebibyte);
	const whole = Math.floor(mebibytes / 1024) * gibibyte;
	const rest = mebibytes % 1024;
	const powers = [512, 256, 128, 64, 32, 16, 8, 4, 2, 1].filter((power) => rest & power);
	return [...(whole > 0 ? [whole] : []), ...powers.map((power) => power * mebibyte)];
}

async function reserveAll(bytes: number): Promise<boolean | undefined> {
	const root = await navigator.storage.getDirectory();
	const folder = await root.getDirectoryHandle(folderName, { create: true });
	await removeAll(folder);
	const open: SyncFile[] = [];
	try {
		for (const size of reservationSizes(bytes)) {
			const file = await openSync(folder);
			if (!file) return undefined;
			open.push(file);
			if (!reserve(file, size)) return false;
		}
		return true;
	} finally {
		for (const file of open) file.close();
		await removeAll(folder);
	}
}

async function openSync(folder: FileSystemDirectoryHandle): Promise<SyncFile | undefined> {
	const handle: MaybeSync = await folder.getFileHandle(newId(), { create: true });
	return handle.createSyncAccessHandle?.();
}

function reserve(file: SyncFile, size: number): boolean {
	try {
		file.truncate(size);
	} catch (error) {
		if (error instanceof DOMException && error.name === 'QuotaExceededError') return false;
		throw error;
	}
	// In a private window what does not fit is ignored without an error.
	return file.getSize() === size;
}

/** Also what a crash has left. A file that a dying worker still holds open stays until the next probe. */
async function removeAll(folder: FileSystemDirectoryHandle): Promise<void> {
	const names: string[] = [];
	for await (const name of folder.keys()) names.push(name);
	for (const name of names) await folder.removeEntry(name).catch(() => undefined);
}
