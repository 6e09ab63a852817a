import { throwIfAborted } from '../../core/abort.ts';
import { AppError, toAppError } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RangeReply, RangeSource } from '../../ports/range-source.ts';
import type { StoredFile } from '../library-api.ts';
import { PartWriter, type PartStores, type WantedFile } from './part-writer.ts';
import { isTransient, maxFailures, retryDelay } from './retry-policy.ts';
import { withinStallLimit } from './stall-guard.ts';

export interface DownloadTools extends PartStores {
	readonly ranges: RangeSource;
	readonly clock: Clock;
	/** 0 to 1, to spread retries. */
	readonly random: () => number;
}

type BodyReader = ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;

/** Gets one file, part by part, whatever the network does meanwhile. */
export class FileDownload {
	readonly #tools: DownloadTools;
	readonly #file: WantedFile;

	constructor(tools: DownloadTools, file: WantedFile) {
		this.#tools = tools;
		this.#file = file;
	}

	/**
	 * Resolves when every part is stored and the whole file's digest is right. `onBytes` hears the bytes got so far.
	 * On abort rejects with `cancelled`; what is stored stays, and the next run goes on from there.
	 * Errors: `download/*`, `storage/quota`.
	 */
	async run(onBytes: (done: number) => void, signal: AbortSignal): Promise<StoredFile> {
		const writer = await PartWriter.open(this.#tools, this.#file);
		onBytes(writer.stored);
		let failures = 0;
		while (!writer.complete) {
			throwIfAborted(signal);
			const before = writer.stored;
			try {
				await this.#readOn(writer, onBytes, signal);
			} catch (error) {
				throwIfAborted(signal);
				if (!isTransient(error)) throw error;
				failures = writer.stored > before ? 1 : failures + 1;
				if (failures > maxFailures) throw error;
				await this.#tools.clock.sleep(retryDelay(failures, this.#tools.random()), signal);
			}
		}
		return writer.finish();
	}

	/** One connection: from the first byte that is missing to the end, or to a failure. */
	async #readOn(
		writer: PartWriter,
		onBytes: (done: number) => void,
		signal: AbortSignal
	): Promise<void> {
		writer.rewind();
		const connection = new AbortController();
		const either = AbortSignal.any([signal, connection.signal]);
		try {
			await this.#transfer(writer, onBytes, either);
		} finally {
			connection.abort();
		}
	}

	async #transfer(
		writer: PartWriter,
		onBytes: (done: number) => void,
		signal: AbortSignal
	): Promise<void> {
		const { clock, ranges } = this.#tools;
		const reply = await withinStallLimit(
			clock,
			ranges.read(this.#file.url, { from: writer.stored }, signal)
		);
		const reader = reply.body.getReader();
		try {
			this.#checkTotal(reply.total);
			const changed = await this.#noteValidator(writer, reply);
			if (changed && reply.from > 0) return;
			let skip = writer.stored - reply.from;
			for (;;) {
				const bytes = await withinStallLimit(clock, next(reader));
				throwIfAborted(signal);
				if (!bytes) break;
				const news = bytes.subarray(Math.min(skip, bytes.byteLength));
				skip -= bytes.byteLength - news.byteLength;
				await this.#take(writer, news);
				onBytes(writer.received);
			}
		} finally {
			// What is left of the body is of no use; a body that failed cannot be cancelled.
			await reader.cancel().catch(() => undefined);
		}
		if (!writer.complete) await this.#endedEarly(writer, reply);
	}

	/** A wrong total comes from a changed file or from something between, such as a login page: parts are kept. */
	#checkTotal(total: number | null): void {
		if (total !== null && total !== this.#file.bytes) throw this.#wrongSize(total);
	}

	/** Starts the file again when it is not the one that the stored parts are of. Tells whether it did. */
	async #noteValidator(writer: PartWriter, { validator }: RangeReply): Promise<boolean> {
		const known = writer.validator;
		if (writer.stored > 0 && validator !== null && known !== null && validator !== known) {
			await writer.restart(validator);
			return true;
		}
		if (validator !== null) writer.adopt(validator);
		return false;
	}

	async #take(writer: PartWriter, bytes: Uint8Array): Promise<void> {
		const total = writer.received + bytes.byteLength;
		if (total <= this.#file.bytes) return writer.write(bytes);
		await writer.discard();
		throw this.#wrongSize(total);
	}

	/** A server that named the size was cut off; one that did not has nothing more to give. */
	async #endedEarly(writer: PartWriter, reply: RangeReply): Promise<never> {
		if (reply.total !== null) throw new AppError('download/offline');
		const actual = writer.received;
		await writer.discard();
		throw this.#wrongSize(actual);
	}

	#wrongSize(actual: number): AppError {
		const { path, bytes } = this.#file;
		return new AppError('download/size-mismatch', { details: { path, actual, expected: bytes } });
	}
}

async function next(reader: BodyReader): Promise<Uint8Array<ArrayBuffer> | undefined> {
	try {
		return (await reader.read()).value;
	} catch (error) {
		throw toAppError(error, 'download/offline');
	}
}
