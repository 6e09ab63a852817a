/** A folder in memory with as much of `FileSystemDirectoryHandle` as an export needs: `handle` is to be given away. */
export class MemoryDirectory {
	readonly kind = 'directory';
	readonly name: string;
	/** What the next write into any file here fails with, once. */
	failure: DOMException | null = null;
	readonly #root: MemoryDirectory;
	readonly #entries = new Map<string, MemoryDirectory | MemoryFile>();

	constructor(name = 'chosen', root?: MemoryDirectory) {
		this.name = name;
		this.#root = root ?? this;
	}

	get handle(): FileSystemDirectoryHandle {
		return this as unknown as FileSystemDirectoryHandle;
	}

	/** Paths of all files in it, sorted. */
	get paths(): string[] {
		return [...this.#entries]
			.flatMap(([name, entry]) =>
				entry instanceof MemoryFile ? [name] : entry.paths.map((path) => `${name}/${path}`)
			)
			.sort();
	}

	async getDirectoryHandle(name: string, options = { create: false }): Promise<MemoryDirectory> {
		const entry = this.#entries.get(name) ?? this.#create(name, options, 'directory');
		if (entry instanceof MemoryFile) throw new DOMException('a file', 'TypeMismatchError');
		return entry;
	}

	async getFileHandle(name: string, options = { create: false }): Promise<MemoryFile> {
		const entry = this.#entries.get(name) ?? this.#create(name, options, 'file');
		if (entry instanceof MemoryDirectory) throw new DOMException('a folder', 'TypeMismatchError');
		return entry;
	}

	async removeEntry(name: string): Promise<void> {
		if (!this.#entries.delete(name)) throw new DOMException('not there', 'NotFoundError');
	}

	async *entries(): AsyncGenerator<[string, MemoryDirectory | MemoryFile]> {
		yield* this.#entries;
	}

	/** Throws the failure that was ordered, once. */
	mayFail(): void {
		const failure = this.#root.failure;
		this.#root.failure = null;
		if (failure) throw failure;
	}

	#create(
		name: string,
		{ create }: { create: boolean },
		kind: 'directory' | 'file'
	): MemoryDirectory | MemoryFile {
		if (!create) throw new DOMException('not there', 'NotFoundError');
		const made =
			kind === 'file' ? new MemoryFile(name, this) : new MemoryDirectory(name, this.#root);
		this.#entries.set(name, made);
		return made;
	}
}

class MemoryFile {
	readonly kind = 'file';
	readonly name: string;
	readonly #folder: MemoryDirectory;
	#bytes: BlobPart[] = [];

	constructor(name: string, folder: MemoryDirectory) {
		this.name = name;
		this.#folder = folder;
	}

	async getFile(): Promise<File> {
		return new File(this.#bytes, this.name);
	}

	/** What is written is seen only after `close`. */
	async createWritable(): Promise<Pick<FileSystemWritableFileStream, 'write' | 'close' | 'abort'>> {
		const written: BlobPart[] = [];
		return {
			write: async (part) => {
				this.#folder.mayFail();
				written.push(await new Blob([part as BlobPart]).arrayBuffer());
			},
			close: async () => {
				this.#bytes = written;
			},
			abort: async () => undefined
		};
	}
}
