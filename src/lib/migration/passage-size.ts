import { defaultChunker, type ChunkerSpec } from '../knowledge/index-spec.ts';

/** The sizes of a passage that are offered, in characters. */
export const passageSizes = [
	{ size: 500, name: 'Short', summary: 'Exact places; more of them to embed.' },
	{ size: defaultChunker.size, name: 'Medium', summary: 'What SAM begins with.' },
	{ size: 1500, name: 'Long', summary: 'More of its surroundings comes with each passage.' }
] as const;

/** Cuts at that many characters, with an overlap in proportion. */
export function chunkerOfSize(size: number): ChunkerSpec {
	const overlap = Math.round((size * defaultChunker.overlap) / defaultChunker.size);
	return { ...defaultChunker, size, overlap };
}
