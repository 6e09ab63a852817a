import { AppError } from './errors.ts';

export type Priority = 'interactive' | 'batch';

interface Job {
	readonly run: () => Promise<void>;
}

/**
 * Runs one job at a time. Interactive jobs go before batch jobs that have not started yet: a person's question
 * never waits for more than the one batch that is running.
 */
export class SerialQueue {
	readonly #waiting: Record<Priority, Job[]> = { interactive: [], batch: [] };
	#running = false;

	/** Resolves or rejects with the job's outcome. A job whose signal aborts before its turn is never run. */
	add<T>(
		job: () => Promise<T>,
		priority: Priority = 'interactive',
		signal?: AbortSignal
	): Promise<T> {
		return new Promise<T>((resolve, reject) => {
			const run = async (): Promise<void> => {
				if (signal?.aborted) {
					reject(new AppError('cancelled', { cause: signal.reason }));
					return;
				}
				await job().then(resolve, reject);
			};
			this.#waiting[priority].push({ run });
			void this.#drain();
		});
	}

	/** Jobs that have not started. */
	get waiting(): number {
		return this.#waiting.interactive.length + this.#waiting.batch.length;
	}

	async #drain(): Promise<void> {
		if (this.#running) return;
		this.#running = true;
		for (;;) {
			const job = this.#waiting.interactive.shift() ?? this.#waiting.batch.shift();
			if (!job) break;
			await job.run();
		}
		this.#running = false;
	}
}
