import type { Section } from '../knowledge-records.ts';

/** What a parser makes of a file. No sections where there is no text. */
export interface ParsedDocument {
	readonly sections: readonly Section[];
	/** Pages of a PDF, else null. */
	readonly pages: number | null;
}
