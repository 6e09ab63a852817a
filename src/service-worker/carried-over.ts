const contentHash = /[-.][\w-]{8}(?=\.\w+$)/;

/** A built file's path without its content hash: the same file in another version of the app. */
function unhashed(path: string): string {
	return path.replace(contentHash, '');
}

/**
 * Files of this build that must be in its runtime cache because the version before had them: an engine that was
 * ready offline stays so across an update. `kept` are paths in the old cache, `build` those of this build.
 */
export function carriedOver(kept: readonly string[], build: readonly string[]): string[] {
	const before = new Set(kept.map(unhashed));
	return build.filter((path) => before.has(unhashed(path)));
}
