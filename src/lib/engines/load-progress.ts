import type { ModelFile } from '../core/model-spec.ts';
import type { Progress } from './engine-contract.ts';

/** Adds up how much of a model's files has been read. Never goes back, though some files are read twice. */
export class LoadProgress {
	readonly #total: number;
	readonly #report: ((progress: Progress) => void) | undefined;
	readonly #read = new Map<string, number>();
	#done = 0;

	constructor(
		files: readonly Pick<ModelFile, 'bytes'>[],
		report: ((progress: Progress) => void) | undefined
	) {
		this.#total = files.reduce((sum, file) => sum + file.bytes, 0);
		this.#report = report;
	}

	/** `bytes` of this file have been read, from its beginning. */
	read(path: string, bytes: number): void {
		const before = this.#read.get(path) ?? 0;
		if (bytes <= before) return;
		this.#read.set(path, bytes);
		this.#done += bytes - before;
		this.tell();
	}

	/** Says how far it is, though nothing more has been read: a load is also at work when it reads nothing. */
	tell(): void {
		this.#report?.({ done: Math.min(this.#done, this.#total), total: this.#total });
	}

	/** Everything that is wanted has been read, also where some files were not. */
	finish(): void {
		this.#done = this.#total;
		this.tell();
	}
}
