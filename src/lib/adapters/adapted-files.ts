import type { AdapterMatch } from '../core/adapter-match.ts';
import type { ModelFiles } from './model-files.ts';

/** A model's files with adapters worked in: nothing is stored, the bytes change as they are read. */
export interface AdaptedFiles {
	readonly files: ModelFiles;
	/** One for each adapter, in their order. */
	readonly matches: readonly AdapterMatch[];
}
