import type { Clock } from '../ports/clock.ts';
import type { RecordStore } from '../ports/record-store.ts';
import type { OpenPdfWorker } from './parsers/pdf-parser.ts';
import type { VoyTools } from './voy-shard.ts';

/** What the knowledge service needs of the world. */
export interface KnowledgeDeps extends VoyTools {
	readonly records: RecordStore;
	readonly clock: Pick<Clock, 'now'>;
	/** Null where there are no workers: PDFs are then read in this thread. */
	readonly openPdfWorker: OpenPdfWorker | null;
}
