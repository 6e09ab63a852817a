import { hasCode } from '../../core/errors.ts';
import type { Sha256 } from '../../core/ids.ts';
import type { Hasher, HasherFactory } from '../../ports/hasher.ts';

/** The running hash over the first `hashed` parts; null is that of nothing. */
export interface HashSnapshot {
	readonly hashed: number;
	readonly state: Uint8Array<ArrayBuffer> | null;
}

/** What the hash reads back when parts have not come in their order. */
export interface PartsToHash {
	readonly hashers: HasherFactory;
	isStored(index: number): boolean;
	/** The bytes of a stored part, or undefined when they are not what they were: then it is not stored any more. */
	readBack(index: number): Promise<Uint8Array<ArrayBuffer> | undefined>;
}

/** A hasher's worker that dies so often will die again. */
const maxDeaths = 3;

/** SHA-256 of a whole file whose parts come in any order: it runs over those parts that follow one another from 0. */
export class PrefixHash {
	readonly #parts: PartsToHash;
	/** By `hashed`; the last one is where the hasher stands. */
	#snapshots: HashSnapshot[];
	#hasher: Hasher | undefined;
	#last: Promise<unknown> = Promise.resolve();
	#catchingUp: Promise<void> | undefined;
	#deaths = 0;
	#closed = false;

	constructor(parts: PartsToHash, start: HashSnapshot) {
		this.#parts = parts;
		this.#snapshots = [start];
	}

	/** How many parts have been hashed. */
	get hashed(): number {
		return this.#snapshots.at(-1)?.hashed ?? 0;
	}

	/** Hashes the part's bytes if it is the next one. Else does nothing: it will be read back. */
	take(index: number, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
		return this.#inTurn(() => this.#hash(index, () => Promise.resolve(bytes)));
	}

	/** Reads back and hashes what is stored, up to the first part that is not. */
	catchUp(): Promise<void> {
		this.#catchingUp ??= this.#readOn().finally(() => (this.#catchingUp = undefined));
		return this.#catchingUp;
	}

	/** The newest state over no more than `parts` parts. Forgets those before it. */
	snapshot(parts: number): HashSnapshot {
		const usable = this.#snapshots.filter(({ hashed }) => hashed <= parts);
		const newest = usable.at(-1) ?? { hashed: 0, state: null };
		this.#snapshots = this.#snapshots.filter(({ hashed }) => hashed >= newest.hashed);
		return newest;
	}

	/** The digest over all parts that were hashed: to be asked once `catchUp` has gone through them all. */
	async digest(): Promise<Sha256> {
		for (;;) {
			const hasher = this.#hasher ?? (await this.#open());
			this.#hasher = undefined;
			try {
				return await hasher.digest();
			} catch (error) {
				this.#countDeath(error);
			}
		}
	}

	/** Begins again with nothing. */
	async reset(): Promise<void> {
		await this.#release();
		this.#snapshots = [{ hashed: 0, state: null }];
	}

	/** Ends what is under way. */
	async close(): Promise<void> {
		this.#closed = true;
		await this.#release();
	}

	async #readOn(): Promise<void> {
		// Only a hasher that has taken its saved state tells what is left to hash.
		await this.#inTurn(async () => {
			if (!this.#closed) this.#hasher ??= await this.#open();
		});
		while (!this.#closed && this.#parts.isStored(this.hashed)) {
			const index = this.hashed;
			await this.#inTurn(() => this.#hash(index, () => this.#parts.readBack(index)));
		}
	}

	async #hash(
		index: number,
		read: () => Promise<Uint8Array<ArrayBuffer> | undefined>
	): Promise<void> {
		if (this.#closed || index !== this.hashed) return;
		try {
			const hasher = (this.#hasher ??= await this.#open());
			// The saved state may have turned out to be of no use.
			if (index !== this.hashed) return;
			const bytes = await read();
			if (!bytes) return;
			await hasher.update(bytes);
			const state = await hasher.save();
			this.#snapshots.push({ hashed: index + 1, state });
		} catch (error) {
			this.#countDeath(error);
		}
	}

	/** The snapshots outlive the worker: the next hasher goes on from the newest. */
	#countDeath(error: unknown): void {
		if (!hasCode(error, 'wire/worker-died') || ++this.#deaths > maxDeaths) throw error;
		this.#hasher = undefined;
	}

	async #open(): Promise<Hasher> {
		const state = this.#snapshots.at(-1)?.state;
		if (!state) return this.#parts.hashers.create();
		try {
			return await this.#parts.hashers.resume(state);
		} catch (error) {
			if (!hasCode(error, 'storage/corrupt')) throw error;
			// A state of another build: everything is read back.
			this.#snapshots = [{ hashed: 0, state: null }];
			return this.#parts.hashers.create();
		}
	}

	#inTurn(work: () => Promise<void>): Promise<void> {
		const run = this.#last.then(work, work);
		this.#last = run;
		run.catch(() => undefined);
		return run;
	}

	/** Ends the hasher, which may live on another thread. */
	async #release(): Promise<void> {
		await this.#last.catch(() => undefined);
		await this.#hasher?.digest().catch(() => undefined);
		this.#hasher = undefined;
	}
}
