import { throwIfAborted } from '../../core/abort.ts';
import type { RangeReply, RangeSource } from '../../ports/range-source.ts';
import { defaultDownloadSettings, type DownloadSettings } from '../download/download-settings.ts';
import { officialUrlOf } from './mirrors.ts';

const defaultCapacity = 64e6;
const pieceBytes = 1 << 20;

/** Small files that were read to learn their digests, in memory until they are downloaded. The oldest give way. */
export class PrefetchedFiles {
	readonly #capacity: number;
	readonly #files = new Map<string, Uint8Array<ArrayBuffer>>();
	#bytes = 0;

	constructor(capacity = defaultCapacity) {
		this.#capacity = capacity;
	}

	/** Keeps the verified bytes of a canonical address. What is larger than the capacity is not kept. */
	keep(url: string, bytes: Uint8Array<ArrayBuffer>): void {
		this.#drop(url);
		if (bytes.byteLength > this.#capacity) return;
		this.#files.set(url, bytes);
		this.#bytes += bytes.byteLength;
		for (const oldest of this.#files.keys()) if (this.#bytes > this.#capacity) this.#drop(oldest);
	}

	/** Answers from memory what is here, under its canonical address or a mirror's, and drops it once read to its end. */
	wrap(
		ranges: RangeSource,
		settings: () => Pick<DownloadSettings, 'mirrors'> = () => defaultDownloadSettings
	): RangeSource {
		return {
			read: async (url, range, signal) => {
				const canonical = officialUrlOf(url, settings());
				const bytes = this.#files.get(canonical);
				if (!bytes || range.from >= bytes.byteLength) return ranges.read(url, range, signal);
				throwIfAborted(signal);
				return this.#replyWith(canonical, bytes, range);
			}
		};
	}

	#replyWith(
		url: string,
		bytes: Uint8Array<ArrayBuffer>,
		{ from, until = bytes.byteLength }: { readonly from: number; readonly until?: number }
	): RangeReply {
		const end = Math.min(until, bytes.byteLength);
		let offset = from;
		return {
			body: new ReadableStream({
				pull: (controller) => {
					const next = Math.min(end, offset + pieceBytes);
					// A copy, for the reader may give its buffer away to another thread.
					if (next > offset) controller.enqueue(bytes.slice(offset, next));
					offset = next;
					if (offset < end) return;
					controller.close();
					if (end === bytes.byteLength) this.#drop(url);
				}
			}),
			from,
			total: bytes.byteLength,
			validator: null,
			contentType: null
		};
	}

	#drop(url: string): void {
		this.#bytes -= this.#files.get(url)?.byteLength ?? 0;
		this.#files.delete(url);
	}
}
