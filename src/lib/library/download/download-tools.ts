import type { BlobStore } from '../../ports/blob-store.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Connectivity } from '../../ports/connectivity.ts';
import type { HasherFactory } from '../../ports/hasher.ts';
import type { RangeSource } from '../../ports/range-source.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import type { Bandwidth } from './bandwidth.ts';

/** Where the parts of a download are kept. */
export interface PartStores {
	readonly records: RecordStore;
	readonly blobs: BlobStore;
	readonly hashers: HasherFactory;
	/** Size of the parts of a download that starts now. */
	readonly partBytes: number;
}

/** What a download needs of the world. */
export interface DownloadTools extends PartStores {
	readonly ranges: RangeSource;
	readonly clock: Clock;
	/** 0 to 1, to spread retries. */
	readonly random: () => number;
	readonly connectivity: Connectivity;
	readonly bandwidth: Bandwidth;
}
