/** A file that has fewer parts left is not worth a second connection. */
export const leastPartsToShare = 8;

const maxConnections = 3;
/** Milliseconds that a measurement takes, and that a new connection has to get up to speed before it. */
const measureTime = 3000;
const warmUpTime = 2000;
/** A connection stays when everything together became faster by this factor. */
const worthwhile = 1.2;
/**
 * Bytes a millisecond. What comes faster is held up by this machine, not by the connection: others would only bring
 * parts before their turn, which are read back to be hashed.
 */
const fastEnough = 60_000;

/** Decides how many connections pay, by trying. Times in milliseconds of a monotonic clock. */
export class ConnectionGrowth {
	#phase: 'measure' | 'warm-up' | 'over' = 'measure';
	#since: number;
	#bytesThen: number;
	/** Bytes a millisecond before the latest connection was added. */
	#before: number | undefined;
	#connections = 1;

	constructor(now: number, bytes: number) {
		this.#since = now;
		this.#bytesThen = bytes;
	}

	/** To be asked every second or so, with all bytes received so far: whether to add a connection or drop the last. */
	decide(now: number, bytes: number): 'add' | 'drop' | 'stay' {
		const elapsed = now - this.#since;
		if (this.#phase === 'over' || elapsed < this.#phaseTime) return 'stay';
		const rate = (bytes - this.#bytesThen) / elapsed;
		this.#since = now;
		this.#bytesThen = bytes;
		if (this.#phase === 'warm-up') {
			this.#phase = 'measure';
			return 'stay';
		}
		if (this.#before !== undefined && rate < this.#before * worthwhile) {
			this.#phase = 'over';
			return 'drop';
		}
		if (this.#connections === maxConnections || rate === 0 || rate >= fastEnough) {
			this.#phase = 'over';
			return 'stay';
		}
		this.#before = rate;
		this.#connections++;
		this.#phase = 'warm-up';
		return 'add';
	}

	/** No more changes. */
	stop(): void {
		this.#phase = 'over';
	}

	get #phaseTime(): number {
		return this.#phase === 'warm-up' ? warmUpTime : measureTime;
	}
}
