import { AppError } from '../core/errors.ts';
import { throwIfAborted } from '../core/abort.ts';
import { nextTask } from '../core/next-task.ts';
import type { Clock } from '../ports/clock.ts';

interface Sleeper {
	readonly due: number;
	readonly wake: () => void;
}

/**
 * Time that moves only when a test says so: `new ManualClock()` starts at 0, `new ManualClock(1_700_000_000_000)`
 * at that moment. `monotonic()` always starts at 0.
 */
export class ManualClock implements Clock {
	#wall: number;
	#elapsed = 0;
	#sleepers: Sleeper[] = [];

	constructor(start = 0) {
		this.#wall = start;
	}

	/** How many sleeps have not ended. */
	get sleeping(): number {
		return this.#sleepers.length;
	}

	now(): number {
		return this.#wall;
	}

	monotonic(): number {
		return this.#elapsed;
	}

	async sleep(ms: number, signal?: AbortSignal): Promise<void> {
		throwIfAborted(signal);
		if (ms <= 0) return;
		await new Promise<void>((resolve, reject) => {
			const onAbort = (): void => {
				this.#remove(sleeper);
				reject(new AppError('cancelled', { cause: signal?.reason }));
			};
			const sleeper: Sleeper = {
				due: this.#elapsed + ms,
				wake: () => {
					signal?.removeEventListener('abort', onAbort);
					resolve();
				}
			};
			signal?.addEventListener('abort', onAbort, { once: true });
			this.#sleepers.push(sleeper);
		});
	}

	/**
	 * Moves time on and wakes who is due, earliest first. What a woken sleeper does next runs before the following one
	 * is woken, and a sleep begun meanwhile is woken too if it falls within `ms`.
	 */
	async advance(ms: number): Promise<void> {
		await nextTask();
		const target = this.#elapsed + ms;
		for (;;) {
			const next = this.#nextDue(target);
			if (!next) break;
			this.#moveTo(next.due);
			this.#remove(next);
			next.wake();
			await nextTask();
		}
		this.#moveTo(target);
	}

	/** Sets the wall clock forward or back, as a user or a time server may. No sleeper wakes. */
	jump(ms: number): void {
		this.#wall += ms;
	}

	#nextDue(target: number): Sleeper | undefined {
		return this.#sleepers
			.filter((sleeper) => sleeper.due <= target)
			.sort((a, b) => a.due - b.due)[0];
	}

	#moveTo(elapsed: number): void {
		this.#wall += elapsed - this.#elapsed;
		this.#elapsed = elapsed;
	}

	#remove(sleeper: Sleeper): void {
		this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
	}
}
