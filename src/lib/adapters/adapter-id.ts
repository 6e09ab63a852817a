import { canonicalJson } from '../core/canonical-json.ts';
import type { AdapterId } from '../core/ids.ts';
import { hashText } from '../core/text-hash.ts';
import type { AdapterFile } from './adapter-records.ts';

/** The same files, in whatever order, are the same adapter. */
export async function adapterIdOf(
	files: readonly Pick<AdapterFile, 'path' | 'sha256'>[]
): Promise<AdapterId> {
	const named = Object.fromEntries(files.map(({ path, sha256 }) => [path, sha256]));
	return (await hashText(canonicalJson(named))) as string as AdapterId;
}
