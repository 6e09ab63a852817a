import { AppError } from '../../core/errors.ts';
import type { ModelFiles } from '../engine-contract.ts';

/** A host that cannot exist: whatever asks it instead of us gets no answer. */
export const modelHost = 'https://model-store.invalid/';

/** Files that the runtime may ask for and do without. It may not for these. */
const required = /^(config\.json|tokenizer\.json|tokenizer_config\.json|onnx\/.+)$/;

/**
 * The cache from which Transformers.js reads one model, over files that are already here. The runtime takes any
 * failure of a cache for "not in the cache", and can wait forever for a file that it misses, so failures come out
 * by a way of their own: `failure`.
 */
export class FileCache {
	readonly #roots: readonly string[];
	readonly #files: ModelFiles;
	readonly #onRead: (path: string, bytes: number) => void;
	readonly #fail: (error: unknown) => void;
	/** Never resolves. Rejects at the first file that is missing, damaged or unreadable. */
	readonly failure: Promise<never>;

	/** `name` is the model's name towards the runtime; `onRead` hears how much of a file has been read so far. */
	constructor(
		name: string,
		files: ModelFiles,
		onRead: (path: string, bytes: number) => void = () => undefined
	) {
		this.#roots = [`/models/${name}/`, `${modelHost}${name}/`];
		this.#files = files;
		this.#onRead = onRead;
		const { promise, reject } = Promise.withResolvers<never>();
		// Nobody may be listening any more when a late read fails.
		promise.catch(() => undefined);
		this.failure = promise;
		this.#fail = reject;
	}

	/** The file as a response with its exact length, read piece by piece; undefined where the model has no such file. */
	async match(key: string): Promise<Response | undefined> {
		const root = this.#roots.find((candidate) => key.startsWith(candidate));
		if (root === undefined) return undefined;
		const path = key.slice(root.length);
		try {
			const file = await this.#files.open(path);
			if (file) {
				return new Response(this.#watched(path, file.bytes, file.body), {
					headers: { 'content-length': String(file.bytes) }
				});
			}
		} catch (error) {
			this.#fail(error);
			throw error;
		}
		if (required.test(path))
			this.#fail(new AppError('storage/missing', { details: { what: path } }));
		return undefined;
	}

	/** Only what was fetched would be put, and nothing is fetched. */
	put(key: string): Promise<void> {
		return Promise.reject(
			new AppError('bug', { details: { reason: `${key} came from elsewhere` } })
		);
	}

	/** Counts what passes. The runtime would pad a file that ends early with zeros, so that is an error here. */
	#watched(
		path: string,
		bytes: number,
		body: ReadableStream<Uint8Array<ArrayBuffer>>
	): ReadableStream<Uint8Array<ArrayBuffer>> {
		const reader = body.getReader();
		let read = 0;
		const pull = async (
			controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>
		): Promise<void> => {
			try {
				const { done, value } = await reader.read();
				read += value?.byteLength ?? 0;
				if (done ? read < bytes : read > bytes)
					throw new AppError('storage/corrupt', { details: { what: path } });
				if (done) {
					controller.close();
					return;
				}
				this.#onRead(path, read);
				controller.enqueue(value);
			} catch (error) {
				this.#fail(error);
				throw error;
			}
		};
		return new ReadableStream(
			{ pull, cancel: (reason) => reader.cancel(reason) },
			{ highWaterMark: 0 }
		);
	}
}
