import type { BlobStore } from '../ports/blob-store.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { SimulatedCrash } from './simulated-crash.ts';

/** Whether the tab dies just before the effect is applied, or just after it and before anyone hears of it. */
export type CrashSide = 'before' | 'after';

/** Guards `exhaust` against a scenario that never gets through. */
const maxEffects = 10_000;

/**
 * Numbers every persisted write that goes through the stores it wraps, and lets the tab die at one of them.
 *
 * `CrashPoint.at(3)` dies before the 3rd effect is applied, `CrashPoint.at(3, 'after')` after it, `CrashPoint.never()`
 * only counts. From the crash on every effect throws `SimulatedCrash`, until `revive()`. Reads always work.
 */
export class CrashPoint {
	#fatal: number;
	#side: CrashSide;
	#effects = 0;
	#crashed = false;
	#dead = false;
	#armed = true;

	private constructor(fatal: number, side: CrashSide) {
		this.#fatal = fatal;
		this.#side = side;
	}

	/** Dies at the `n`-th effect, counted from 1. */
	static at(n: number, side: CrashSide = 'before'): CrashPoint {
		return new CrashPoint(n, side);
	}

	static never(): CrashPoint {
		return new CrashPoint(Number.POSITIVE_INFINITY, 'before');
	}

	/**
	 * Runs the scenario once for every effect that it has and both sides of it, and once without a crash. The scenario
	 * builds its world anew each time, survives the crash by `revive()` and checks its promises. Resolves with the
	 * number of runs that crashed.
	 */
	static async exhaust(scenario: (crash: CrashPoint) => Promise<void>): Promise<number> {
		let runs = 0;
		for (const side of ['before', 'after'] as const)
			for (let n = 1; ; n++) {
				if (n > maxEffects) throw new Error('the scenario has no end');
				const crash = CrashPoint.at(n, side);
				await scenario(crash);
				if (!crash.crashed) break;
				runs++;
			}
		return runs;
	}

	/** Dies at the `n`-th effect from now on, counted from 1. */
	arm(n: number, side: CrashSide): void {
		this.#fatal = this.#effects + n;
		this.#side = side;
	}

	/** Effects asked for so far, the fatal one included. Those of the dead tab do not count. */
	get effects(): number {
		return this.#effects;
	}

	/** True from the crash on, also after `revive()`. */
	get crashed(): boolean {
		return this.#crashed;
	}

	/** The tab is closed: no effect of its comes any more. */
	kill(): void {
		this.#dead = true;
	}

	/** The user opens the app again: effects work, and no crash comes from here on. */
	revive(): void {
		this.#dead = false;
		this.#armed = false;
	}

	/** Runs one effect of any other kind under the same numbering. */
	async effect<T>(apply: () => Promise<T>): Promise<T> {
		if (this.#dead) throw new SimulatedCrash('the tab is dead');
		this.#effects++;
		if (!this.#armed || this.#effects !== this.#fatal) return apply();
		this.#crashed = true;
		this.#dead = true;
		if (this.#side === 'after') await apply();
		throw new SimulatedCrash(`died ${this.#side} effect ${this.#fatal}`);
	}

	/** The store, with each commit a numbered effect. */
	records(store: RecordStore): RecordStore {
		return {
			get: (...args) => store.get(...args),
			list: (...args) => store.list(...args),
			count: (...args) => store.count(...args),
			commit: (...args) => this.effect(() => store.commit(...args))
		};
	}

	/** The store, with each put and delete a numbered effect. */
	blobs(store: BlobStore): BlobStore {
		return {
			put: (...args) => this.effect(() => store.put(...args)),
			delete: (...args) => this.effect(() => store.delete(...args)),
			stream: (key) => store.stream(key),
			has: (key) => store.has(key),
			keys: (prefix) => store.keys(prefix),
			estimate: () => store.estimate(),
			hasRoom: (bytes) => store.hasRoom(bytes),
			persist: () => store.persist()
		};
	}
}
