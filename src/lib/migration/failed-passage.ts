import type { TextPlace } from '../knowledge/knowledge-api.ts';

/** A passage that could not be embedded, as it is journaled: where it stands, and why. */
export interface FailedPassage {
	/** Of its document. */
	readonly name: string;
	/** Position in the document, from 0. */
	readonly ordinal: number;
	readonly page: number | null;
	/** A sentence for people. */
	readonly reason: string;
}

/** The part of a step's checkpoint that tells what could not be embedded. Absent while all goes well. */
export interface FailedPassages {
	readonly failures?: number;
	/** The first of them. */
	readonly failed?: readonly FailedPassage[];
}

export function failedPassage(place: TextPlace, reason: string): FailedPassage {
	const { documentName: name, ordinal, page } = place;
	return { name, ordinal, page, reason };
}

/** For people: `report.pdf, page 3: The engine …`. Passages are counted from 1. */
export function describeFailure({ name, ordinal, page, reason }: FailedPassage): string {
	const where = page === null ? `passage ${ordinal + 1}` : `page ${page}`;
	return `${name}, ${where}: ${reason}`;
}
