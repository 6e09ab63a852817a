import type { Sha256 } from '../../core/ids.ts';

/** Size of a part of a new download. Stored files keep the size that they were cut with. */
export const defaultPartBytes = 8 * 1024 * 1024;

export interface Part {
	readonly index: number;
	/** Key in the blob store. */
	readonly key: string;
	/** First byte within the file. */
	readonly offset: number;
	readonly bytes: number;
}

interface CutFile {
	readonly sha256: Sha256;
	readonly bytes: number;
	readonly partBytes: number;
}

/** The parts that a file is kept as, in order: all of `partBytes`, the last one of what is left. */
export function partPlan(file: CutFile): Part[] {
	const parts: Part[] = [];
	for (let offset = 0; offset < file.bytes; offset += file.partBytes)
		parts.push({
			index: parts.length,
			key: `${file.sha256}/${parts.length}`,
			offset,
			bytes: Math.min(file.partBytes, file.bytes - offset)
		});
	return parts;
}

/** What prefixes the keys of all parts of a file. */
export function partPrefix(sha256: Sha256): string {
	return `${sha256}/`;
}

/** The file and number that a key stands for, or undefined for keys that are not of model parts. */
export function readPartKey(
	key: string
): { readonly sha256: Sha256; readonly index: number } | undefined {
	const match = /^([0-9a-f]{64})\/(\d+)$/.exec(key);
	if (!match) return undefined;
	return { sha256: match[1] as Sha256, index: Number(match[2]) };
}
