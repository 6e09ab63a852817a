import { AppError } from '../core/errors.ts';
import { type Priority, SerialQueue } from '../core/serial-queue.ts';

/** A serial queue whose callers hear of an abort at once, not only when their turn would have come. */
export class TurnQueue {
	readonly #queue = new SerialQueue();

	/** Runs the job when its turn comes. An abort while it waits rejects with `cancelled`; later it is the job's to see. */
	run<T>(job: () => Promise<T>, priority: Priority, signal?: AbortSignal): Promise<T> {
		return new Promise((resolve, reject) => {
			const onAbort = () => reject(new AppError('cancelled', { cause: signal?.reason }));
			signal?.addEventListener('abort', onAbort, { once: true });
			const turn = () => {
				signal?.removeEventListener('abort', onAbort);
				return job();
			};
			this.#queue.add(turn, priority, signal).then(resolve, reject);
		});
	}
}
