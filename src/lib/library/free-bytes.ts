import type { BlobStore } from '../ports/blob-store.ts';

/** So many probes narrow it down to less than half a percent of what was asked for. */
const probes = 8;

/**
 * What the browser still grants, in bytes; null where it does not tell. What it tells may be far too high: where
 * `atLeast` bytes are asked for that do not really fit, it is about as much as does, found out by reserving it. Only
 * workers can reserve; elsewhere it is what the browser tells.
 */
export async function freeBytes(
	blobs: Pick<BlobStore, 'estimate' | 'hasRoom'>,
	atLeast = 0
): Promise<number | null> {
	const { usage, quota } = await blobs.estimate();
	if (quota <= 0) return null;
	const told = Math.max(0, quota - usage);
	if (told < atLeast || (await blobs.hasRoom(atLeast))) return told;
	let fits = 0;
	let tooMuch = atLeast;
	for (let probe = 0; probe < probes; probe++) {
		const middle = Math.floor((fits + tooMuch) / 2);
		if (await blobs.hasRoom(middle)) fits = middle;
		else tooMuch = middle;
	}
	return fits;
}
