import type { Sha256 } from '../core/ids.ts';
import { Bandwidth } from '../library/download/bandwidth.ts';
import { FileDownload } from '../library/download/file-download.ts';
import type { WantedFile } from '../library/download/wanted-file.ts';
import { downloadStore, type DownloadRow, type StoredFile } from '../library/library-api.ts';
import { hashPart } from '../library/store/hash-part.ts';
import { joinParts } from '../library/store/join-parts.ts';
import { partPlan } from '../library/store/part-plan.ts';
import type { HasherFactory } from '../ports/hasher.ts';
import type { CrashPoint } from './crash-point.ts';
import { scrambled } from './download-bytes.ts';
import { hashInstantly, InstantHasherFactory } from './instant-hash.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryBlobStore } from './memory-blob-store.ts';
import { MemoryConnectivity } from './memory-connectivity.ts';
import { MemoryRecordStore } from './memory-record-store.ts';
import { readAll } from './read-all.ts';
import { ScriptedRangeSource, type ServedFile } from './scripted-range-source.ts';

export interface RunOptions {
	readonly onBytes?: (done: number) => void;
	readonly signal?: AbortSignal;
	/** The tab that runs it may die. */
	readonly crash?: CrashPoint;
}

/** Where the file is, in the order in which the hosts are asked. */
export const hosts = ['https://a.test/model.bin', 'https://b.test/model.bin'] as const;

/** One file to download in parts of 4 KiB: a network, a disk and a clock. Every host in `hosts` serves it. No wait is real. */
export class DownloadWorld {
	readonly clock = new ManualClock();
	readonly records = new MemoryRecordStore();
	readonly blobs = new MemoryBlobStore();
	readonly source = new ScriptedRangeSource(this.clock);
	readonly connectivity = new MemoryConnectivity();
	readonly bandwidth = new Bandwidth(this.clock);
	readonly body: Uint8Array<ArrayBuffer>;
	wanted: WantedFile;
	hashers: HasherFactory = new InstantHasherFactory();
	readonly partBytes = 4096;

	private constructor(body: Uint8Array<ArrayBuffer>, sha256: Sha256) {
		this.body = body;
		this.wanted = { path: 'model.bin', urls: [hosts[0]], bytes: body.byteLength, sha256 };
		for (const url of hosts) this.serve({}, url);
	}

	/** Only the first host is asked unless `wanted` is changed. */
	static async of(bytes: number): Promise<DownloadWorld> {
		hashInstantly();
		const body = scrambled(bytes);
		return new DownloadWorld(body, await hashPart(body));
	}

	/** Serves the right file, or what stands in `how`. */
	serve(how: Partial<ServedFile>, url: string = hosts[0]): void {
		this.source.serve(url, { body: this.body, validator: 'v1', ...how });
	}

	/** Asks all hosts from now on. */
	useMirrors(): void {
		this.wanted = { ...this.wanted, urls: hosts };
	}

	/** Begins a download: time does not pass. */
	start({ onBytes = () => undefined, signal, crash }: RunOptions = {}): Promise<StoredFile> {
		const { clock, connectivity, bandwidth, hashers, partBytes, source: ranges } = this;
		const tools = {
			records: crash ? crash.records(this.records) : this.records,
			blobs: crash ? crash.blobs(this.blobs) : this.blobs,
			...{ clock, connectivity, bandwidth, hashers, partBytes, ranges, random: () => 0 }
		};
		const never = new AbortController().signal;
		return new FileDownload(tools, this.wanted).run(onBytes, signal ?? never);
	}

	/** A download to its end, however long it takes. */
	run(options: RunOptions = {}): Promise<StoredFile> {
		return this.inTime(this.start(options));
	}

	/** Lets time pass until the work has ended. */
	async inTime<T>(work: Promise<T>): Promise<T> {
		const over = new AbortController();
		const end = (): void => over.abort();
		work.then(end, end);
		while (!over.signal.aborted) await this.clock.advance(1000);
		return work;
	}

	/** The stored file's bytes. */
	async stored(file: StoredFile): Promise<Uint8Array> {
		return readAll(joinParts(this.blobs, partPlan(file)));
	}

	/** The state of the download as it was written down last. */
	row(): Promise<DownloadRow | undefined> {
		return this.records.get(downloadStore, this.wanted.sha256);
	}

	/** Parts in the blob store that no row knows. */
	async strays(): Promise<string[]> {
		const row = await this.row();
		const keys = await this.blobs.keys('');
		return keys.filter((key) => !row?.parts[Number(key.split('/')[1])]);
	}

	/** First bytes of all reads so far. */
	get starts(): number[] {
		return this.source.reads.map(({ from }) => from);
	}
}
