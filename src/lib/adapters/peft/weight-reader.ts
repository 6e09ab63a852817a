import { throwIfAborted } from '../../core/abort.ts';
import { AppError } from '../../core/errors.ts';
import type { ModelFiles } from '../model-files.ts';
import { ByteCursor } from './byte-cursor.ts';
import { clip } from './clip.ts';
import { readTensor, type Tensor } from './read-tensor.ts';
import { notPeft, unreadable } from './refusals.ts';
import { readSafetensorsHeader, type TensorEntry } from './safetensors-header.ts';
import type { WeightFiles } from './weight-files.ts';

/** A file whose header has been read: the cursor stands at the data of its first tensor. */
interface Shard {
	readonly cursor: ByteCursor;
	readonly tensors: readonly TensorEntry[];
}

/** Reads the weights of an adapter: first what there is, then, where that is wanted, the numbers. */
export class WeightReader {
	readonly #cursors: ByteCursor[] = [];
	readonly #shards: Shard[] = [];

	/** With every header read and checked. Errors: `adapter/unreadable`, `adapter/unsupported`, `adapter/not-peft`. */
	static async open(files: ModelFiles, weights: WeightFiles): Promise<WeightReader> {
		const reader = new WeightReader();
		try {
			for (const path of weights.paths) await reader.#openShard(files, path);
			if (weights.index) reader.#checkIndex(weights.index.path, weights.index.fileOf);
			return reader;
		} catch (error) {
			await reader.close();
			throw error;
		}
	}

	/** Of all files, in the order of their data. */
	get tensors(): readonly TensorEntry[] {
		return this.#shards.flatMap(({ tensors }) => tensors);
	}

	/** The numbers of every tensor by its name, kept or only checked; once only. Errors: `adapter/unreadable`, `adapter/not-finite`, `cancelled`. */
	async read(keep: boolean, signal?: AbortSignal): Promise<(name: string) => Tensor> {
		const read = new Map<string, Tensor>();
		for (const { cursor, tensors } of this.#shards) {
			for (const entry of tensors) {
				throwIfAborted(signal);
				read.set(entry.name, await readTensor(cursor, entry, keep));
			}
			await cursor.expectEnd();
		}
		return (name) => {
			const tensor = read.get(name);
			if (!tensor) throw new AppError('bug', { details: { reason: `${name} was not read` } });
			return tensor;
		};
	}

	async close(): Promise<void> {
		for (const cursor of this.#cursors) await cursor.close();
	}

	async #openShard(files: ModelFiles, path: string): Promise<void> {
		const file = await files.open(path);
		if (!file) throw notPeft(`${clip(path)} is missing`);
		const cursor = new ByteCursor(path, file);
		this.#cursors.push(cursor);
		this.#shards.push({ cursor, tensors: await readSafetensorsHeader(cursor, file.bytes) });
	}

	/** The list of the files must name what is in them, no more and no less. */
	#checkIndex(path: string, fileOf: ReadonlyMap<string, string>): void {
		let found = 0;
		for (const { cursor, tensors } of this.#shards)
			for (const { name } of tensors) {
				if (fileOf.get(name) !== cursor.path)
					throw unreadable(path, `it does not say that ${clip(name)} is in ${clip(cursor.path)}`);
				found++;
			}
		if (found !== fileOf.size) throw unreadable(path, 'it lists tensors that are not there');
	}
}
