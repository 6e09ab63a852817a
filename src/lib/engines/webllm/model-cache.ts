import { AppError } from '../../core/errors.ts';
import type { ModelFiles } from '../engine-contract.ts';

/** Where the runtime believes the model to be. No such host can exist, so nobody else could answer for it either. */
const root = 'https://model-store.invalid/';

/** The file that lists the weights, and what it was called before WebLLM 0.2.80. */
const weightLists = ['tensor-cache.json', 'ndarray-cache.json'] as const;

export interface ModelCacheOptions {
	readonly files: ModelFiles;
	/** Path of the compiled model among the files. */
	readonly library: string;
	/** Given in place of the files of these paths. */
	readonly replaced?: ReadonlyMap<string, string>;
	/** Hears how much of a file has been read so far. */
	readonly onRead?: (path: string, bytes: number) => void;
}

/**
 * The cache from which WebLLM reads one model, over files that are already here: each is one response that is read
 * piece by piece. What is not among them does not exist, and nothing is fetched. Failures come out by a way of their
 * own as well, `failure`: a response that breaks off says nothing of the reason.
 */
export class ModelCache {
	/** Towards the runtime. */
	static readonly modelUrl = `${root}resolve/main/`;
	/** A name of our own: a runtime that finds `localhost` in it would go by the network. */
	static readonly libraryUrl = `${root}model-library.wasm`;
	readonly #options: ModelCacheOptions;
	readonly #paths: ReadonlyMap<string, string>;
	readonly #fail: (error: unknown) => void;
	#closed: AppError | null = null;
	/** Never resolves. Rejects at the first file that is missing, damaged or unreadable. */
	readonly failure: Promise<never>;

	constructor(options: ModelCacheOptions) {
		this.#options = options;
		this.#paths = addresses(options);
		const { promise, reject } = Promise.withResolvers<never>();
		// Nobody may be listening any more when a late read fails.
		promise.catch(() => undefined);
		this.failure = promise;
		this.#fail = reject;
	}

	match(request: Request | string): Promise<Response | undefined> {
		if (this.#closed) return Promise.reject(this.#closed);
		const path = this.#paths.get(addressOf(request));
		if (path === undefined) return Promise.resolve(undefined);
		const text = this.#options.replaced?.get(path);
		return Promise.resolve(new Response(text ?? this.#body(path)));
	}

	/** What is not here would be fetched now, and put in. */
	add(request: Request | string): Promise<void> {
		const what = addressOf(request).replace(ModelCache.modelUrl, '').replace(root, '');
		const error = this.#closed ?? new AppError('storage/missing', { details: { what } });
		this.#fail(error);
		return Promise.reject(error);
	}

	keys(): Promise<readonly { readonly url: string }[]> {
		return Promise.resolve([...this.#paths.keys()].map((url) => ({ url })));
	}

	/** Files are deleted where models are kept, not by a runtime. */
	delete(): Promise<boolean> {
		return Promise.resolve(false);
	}

	/** From here on nothing is read: a load that is still under way ends at its next file. */
	close(): void {
		this.#closed = new AppError('cancelled');
	}

	/** Opened when it is first read: the runtime also asks for files only to see that they are there. */
	#body(path: string): ReadableStream<Uint8Array<ArrayBuffer>> {
		let reader: Promise<ExactReader> | null = null;
		const pull = async (
			controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>
		): Promise<void> => {
			try {
				if (this.#closed) throw this.#closed;
				reader ??= this.#open(path);
				const piece = await (await reader).read();
				if (piece) controller.enqueue(piece);
				else controller.close();
			} catch (error) {
				this.#fail(error);
				throw error;
			}
		};
		return new ReadableStream(
			{ pull, cancel: async (reason) => (await reader)?.cancel(reason) },
			{ highWaterMark: 0 }
		);
	}

	async #open(path: string): Promise<ExactReader> {
		const file = await this.#options.files.open(path);
		if (!file) throw new AppError('storage/missing', { details: { what: path } });
		const onRead = (bytes: number): void => this.#options.onRead?.(path, bytes);
		return new ExactReader(path, file, onRead);
	}
}

/** Reads a file to its end, and no more or less than its size. */
class ExactReader {
	readonly #path: string;
	readonly #bytes: number;
	readonly #reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
	readonly #onRead: (bytes: number) => void;
	#read = 0;

	constructor(
		path: string,
		file: { readonly bytes: number; readonly body: ReadableStream<Uint8Array<ArrayBuffer>> },
		onRead: (bytes: number) => void
	) {
		this.#path = path;
		this.#bytes = file.bytes;
		this.#reader = file.body.getReader();
		this.#onRead = onRead;
	}

	/** Null at the end. Errors: `storage/corrupt`, and those of the file. */
	async read(): Promise<Uint8Array<ArrayBuffer> | null> {
		const { done, value } = await this.#reader.read();
		this.#read += value?.byteLength ?? 0;
		if (done ? this.#read < this.#bytes : this.#read > this.#bytes)
			throw new AppError('storage/corrupt', { details: { what: this.#path } });
		if (done) return null;
		this.#onRead(this.#read);
		return value;
	}

	async cancel(reason: unknown): Promise<void> {
		await this.#reader.cancel(reason);
	}
}

/** Paths by the addresses that the runtime makes of them. */
function addresses({ files, library }: ModelCacheOptions): ReadonlyMap<string, string> {
	const addressOfPath = (path: string): string => new URL(path, ModelCache.modelUrl).href;
	const byAddress = new Map(files.paths.map((path) => [addressOfPath(path), path]));
	const list = weightLists.find((path) => files.paths.includes(path));
	if (list) byAddress.set(addressOfPath(weightLists[0]), list);
	if (files.paths.includes(library)) byAddress.set(ModelCache.libraryUrl, library);
	return byAddress;
}

function addressOf(request: Request | string): string {
	return typeof request === 'string' ? request : request.url;
}
