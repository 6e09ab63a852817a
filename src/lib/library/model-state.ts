import type { ErrorCode } from '../core/error-code.ts';
import type { CatalogEntry, DownloadRow, ManifestRow, ModelState } from './library-api.ts';

/** What is going on with a model in this tab, beside what is stored. */
export type ModelActivity = Extract<ModelState, { readonly at: 'downloading' | 'verifying' }>;

export interface ModelFacts {
	readonly manifest: ManifestRow | undefined;
	/** Unfinished downloads of this model. */
	readonly downloads: readonly DownloadRow[];
	readonly activity: ModelActivity | undefined;
	/** Why the last attempt stopped. */
	readonly error: { readonly code: ErrorCode; readonly message: string } | undefined;
}

/** Bytes of all files of a model. */
export function modelBytes(entry: Pick<CatalogEntry, 'files'>): number {
	return entry.files.reduce((sum, file) => sum + file.bytes, 0);
}

/** What Core Engines shows of a model. */
export function modelState(entry: CatalogEntry, facts: ModelFacts): ModelState {
	if (entry.files.length === 0) return { at: 'built-in' };
	if (facts.activity) return facts.activity;
	if (facts.manifest)
		return {
			at: 'installed',
			bytes: modelBytes(facts.manifest.spec),
			verifiedAt: facts.manifest.verifiedAt
		};
	if (facts.downloads.length === 0 && !facts.error) return { at: 'available' };
	return {
		at: 'paused',
		done: facts.downloads.reduce((sum, row) => sum + storedBytes(row), 0),
		total: modelBytes(entry),
		error: facts.error ?? null
	};
}

function storedBytes(row: DownloadRow): number {
	return Math.min(row.bytes, row.parts.length * row.partBytes);
}
