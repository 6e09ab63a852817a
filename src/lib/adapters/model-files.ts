/** The files of one model: what engines read, and what an adapter is worked into. */
export interface ModelFiles {
	readonly paths: readonly string[];
	/** The whole file as one stream with its exact size, or undefined when the model has no such file. */
	open(path: string): Promise<ModelFile | undefined>;
}

export interface ModelFile {
	readonly bytes: number;
	readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
}
