import { AppError, hasCode, toAppError } from '../core/errors.ts';
import type { ModelId } from '../core/ids.ts';
import type { Locks } from '../ports/locks.ts';
import type { OnBytes } from './model-library.ts';
import { problemOf } from './model-problem.ts';
import type { WantedModels } from './wanted-models.ts';

interface Parts {
	readonly wanted: WantedModels;
	readonly locks: Locks;
	/** Brings all files here and makes the model visible. */
	readonly install: (model: ModelId, onBytes: OnBytes, signal: AbortSignal) => Promise<void>;
	/** The model's listing is another now. */
	readonly onChange: (model: ModelId) => void;
}

interface Job {
	readonly controller: AbortController;
	readonly end: PromiseWithResolvers<null>;
	readonly listeners: Set<OnBytes>;
	running: boolean;
}

/** Runs the downloads that were asked for, one after another in the order of the queue, in whichever tab has the lock. */
export class InstallQueue {
	readonly #parts: Parts;
	readonly #jobs = new Map<ModelId, Job>();
	#working = false;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** True while the model waits or is being downloaded here. */
	has(model: ModelId): boolean {
		return this.#jobs.has(model);
	}

	/** True while it is its turn. */
	isRunning(model: ModelId): boolean {
		return this.#jobs.get(model)?.running ?? false;
	}

	/**
	 * Resolves when the model, whose row must be in the queue, is installed. Several callers share one download; it is
	 * stopped when the last of them aborts.
	 */
	async run(model: ModelId, onBytes: OnBytes, signal: AbortSignal): Promise<void> {
		const job = this.#jobs.get(model) ?? this.#start(model);
		const listener: OnBytes = (done, total) => onBytes(done, total);
		job.listeners.add(listener);
		const left = Promise.withResolvers<never>();
		const leave = (): void => {
			job.listeners.delete(listener);
			if (job.listeners.size === 0) job.controller.abort();
			else left.reject(new AppError('cancelled'));
		};
		if (signal.aborted) leave();
		signal.addEventListener('abort', leave, { once: true });
		try {
			await Promise.race([job.end.promise, left.promise]);
		} finally {
			signal.removeEventListener('abort', leave);
			job.listeners.delete(listener);
		}
	}

	/** Stops the model's download and resolves when it has stopped. */
	async stop(model: ModelId): Promise<void> {
		const job = this.#jobs.get(model);
		job?.controller.abort();
		await job?.end.promise.catch(() => undefined);
	}

	#start(model: ModelId): Job {
		const job: Job = {
			controller: new AbortController(),
			end: Promise.withResolvers<null>(),
			listeners: new Set(),
			running: false
		};
		job.end.promise.catch(() => undefined);
		this.#jobs.set(model, job);
		job.controller.signal.addEventListener('abort', () => {
			if (!job.running) void this.#end(model, job, new AppError('cancelled'));
		});
		this.#parts.onChange(model);
		void this.#work();
		return job;
	}

	async #work(): Promise<void> {
		if (this.#working) return;
		this.#working = true;
		while (this.#jobs.size > 0) {
			try {
				await this.#runNext();
			} catch (error) {
				// The records cannot be read: nobody's turn will ever come.
				for (const [model, job] of this.#jobs) this.#settle(model, job, toAppError(error));
			}
		}
		this.#working = false;
	}

	async #runNext(): Promise<void> {
		const queue = await this.#parts.wanted.queue();
		const next = queue.find(({ id }) => this.#jobs.has(id))?.id;
		const model = next ?? [...this.#jobs.keys()][0];
		const job = model && this.#jobs.get(model);
		if (!job) return;
		if (next === undefined) return this.#end(model, job, new AppError('cancelled'));
		await this.#runJob(model, job);
	}

	async #runJob(model: ModelId, job: Job): Promise<void> {
		const { locks, install, onChange } = this.#parts;
		const { signal } = job.controller;
		job.running = true;
		onChange(model);
		const tell: OnBytes = (done, total) => {
			for (const listener of job.listeners) listener(done, total);
		};
		try {
			// One download at a time, in all tabs.
			await locks.hold(
				'downloads',
				() => locks.hold(`download:${model}`, () => install(model, tell, signal), { signal }),
				{ signal }
			);
			this.#settle(model, job, null);
		} catch (error) {
			await this.#end(model, job, toAppError(error));
		}
	}

	/** Notes why the download stopped, so that it is known after a reload too. */
	async #end(model: ModelId, job: Job, error: AppError): Promise<void> {
		const problem = hasCode(error, 'cancelled') ? null : problemOf(error);
		// A note that cannot be written must not hide the error itself.
		await this.#parts.wanted.stop(model, problem).catch(() => undefined);
		this.#settle(model, job, error);
	}

	#settle(model: ModelId, job: Job, error: AppError | null): void {
		if (this.#jobs.get(model) === job) this.#jobs.delete(model);
		if (error) job.end.reject(error);
		else job.end.resolve(null);
		this.#parts.onChange(model);
	}
}
