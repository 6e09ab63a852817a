import { SerialQueue } from '../../core/serial-queue.ts';
import type { Part } from '../store/part-plan.ts';
import type { PartLedger } from './part-ledger.ts';

/** A part that is being read: the first `filled` bytes of the buffer are there. */
export interface PartUnderWay {
	readonly part: Part;
	readonly buffer: Uint8Array<ArrayBuffer>;
	filled: number;
}

/** While so many parts wait to be stored, no new one is begun: this bounds the memory. */
const maxPlacing = 2;

/**
 * The parts that are in memory: being read, left by a connection that was cut, or being stored. Storing goes on beside
 * reading; buffers are used again.
 */
export class PartsUnderWay {
	readonly #ledger: PartLedger;
	readonly #begun = new Map<number, PartUnderWay>();
	readonly #spare: Uint8Array<ArrayBuffer>[] = [];
	/** Until they are stored and noted. */
	readonly #storing = new Map<Part, Promise<void>>();
	/** Until they are stored: their buffers are in use. */
	readonly #placing = new Set<Promise<void>>();
	/** One at a time: the browser makes several copies of what it stores. */
	readonly #turns = new SerialQueue();
	readonly #failed = new AbortController();

	constructor(ledger: PartLedger) {
		this.#ledger = ledger;
	}

	/** Aborts with the error when a part cannot be stored. */
	get failed(): AbortSignal {
		return this.#failed.signal;
	}

	/** Bytes of the file that have arrived, in memory or stored. */
	get received(): number {
		let sum = this.#ledger.storedBytes;
		for (const { filled } of this.#begun.values()) sum += filled;
		for (const { index, bytes } of this.#storing.keys())
			if (!this.#ledger.isStored(index)) sum += bytes;
		return sum;
	}

	/** Numbers of the parts that have been begun. */
	get begun(): Iterable<number> {
		return this.#begun.keys();
	}

	/** The part, if it has been begun. */
	current(index: number): PartUnderWay | undefined {
		return this.#begun.get(index);
	}

	/** The part, to go on with. Waits while storing is behind. Errors: what storing failed with. */
	async open(part: Part): Promise<PartUnderWay> {
		const begun = this.#begun.get(part.index);
		if (begun) return begun;
		while (this.#placing.size >= maxPlacing) await Promise.race(this.#placing);
		this.#failed.signal.throwIfAborted();
		const buffer = this.#spare.pop() ?? new Uint8Array(this.#bufferBytes);
		const fresh = { part, buffer, filled: 0 };
		this.#begun.set(part.index, fresh);
		return fresh;
	}

	/** Stores a part that is full, in the background. */
	store(full: PartUnderWay): void {
		this.#begun.delete(full.part.index);
		this.#storing.set(full.part, this.#keep(full));
	}

	/** Resolves when nothing is being stored any more. Errors: what storing failed with. */
	async drained(): Promise<void> {
		while (this.#storing.size > 0) await Promise.race(this.#storing.values());
		this.#failed.signal.throwIfAborted();
	}

	/** Forgets the parts that are not full. */
	clear(): void {
		for (const { buffer } of this.#begun.values()) this.#spare.push(buffer);
		this.#begun.clear();
	}

	get #bufferBytes(): number {
		return this.#ledger.plan[0]?.bytes ?? 0;
	}

	async #keep({ part, buffer }: PartUnderWay): Promise<void> {
		try {
			await this.#place(part, buffer);
			// The next part need not wait for the note of this one.
			await this.#ledger.record();
		} catch (error) {
			this.#failed.abort(error);
		} finally {
			this.#storing.delete(part);
		}
	}

	async #place(part: Part, buffer: Uint8Array<ArrayBuffer>): Promise<void> {
		const placing = this.#turns.add(() => this.#ledger.place(part, buffer.subarray(0, part.bytes)));
		const end = placing.then(
			() => undefined,
			() => undefined
		);
		this.#placing.add(end);
		try {
			await placing;
			this.#spare.push(buffer);
		} finally {
			this.#placing.delete(end);
		}
	}
}
