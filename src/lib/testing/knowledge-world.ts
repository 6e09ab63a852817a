import type { Sha256 } from '../core/ids.ts';
import { KnowledgeService } from '../knowledge/knowledge-service.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryRecordStore } from './memory-record-store.ts';
import { voyFromDisk } from './voy-from-disk.ts';

const worldDims = 32;

/** A vector of which words a text has: texts with common words are near each other. */
export function wordVector(text: string, dims = worldDims): Float32Array {
	const vector = new Float32Array(dims);
	for (const word of text.toLowerCase().match(/\p{L}{4,}/gu) ?? ['']) {
		let hash = 7;
		for (const letter of word) hash = (hash * 31 + letter.charCodeAt(0)) % 9973;
		vector[hash % dims] = (vector[hash % dims] ?? 0) + 1;
		vector[(hash * 7) % dims] = (vector[(hash * 7) % dims] ?? 0) + 0.5;
	}
	return vector;
}

export function wordVectors(
	texts: readonly { readonly textHash: Sha256; readonly text: string }[]
): { textHash: Sha256; vector: Float32Array }[] {
	return texts.map(({ textHash, text }) => ({ textHash, vector: wordVector(text) }));
}

/** A service over these records, as it is after each start of the app. */
export function knowledgeOver(
	records: RecordStore = new MemoryRecordStore(),
	clock = new ManualClock(1_000)
): KnowledgeService {
	return new KnowledgeService({
		records,
		clock,
		loadVoy: voyFromDisk,
		pause: () => Promise.resolve(),
		openPdfWorker: null
	});
}
