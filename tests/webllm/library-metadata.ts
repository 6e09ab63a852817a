/** What a compiled model library says of the model that it was made for. */
export interface LibraryMetadata {
	readonly model_type: string;
	readonly quantization: string;
	readonly context_window_size: number;
	readonly prefill_chunk_size: number;
	readonly sliding_window_size?: number;
	readonly attention_sink_size?: number;
	readonly params: readonly LibraryParameter[];
}

export interface LibraryParameter {
	readonly name: string;
	readonly shape: readonly number[];
	readonly dtype: string;
}

/** The metadata lies in the module as text: the first JSON object that names a type of model and its parameters. */
export function libraryMetadata(wasm: Buffer): LibraryMetadata {
	const start = wasm.indexOf('{"model_type"');
	if (start === -1) throw new Error('This is no model library: it names no type of model.');
	const text = wasm.toString('latin1', start);
	return JSON.parse(text.slice(0, endOfObject(text))) as LibraryMetadata;
}

/** Where the object ends that the text begins with. Names in there have no braces of their own. */
function endOfObject(text: string): number {
	let depth = 0;
	for (let at = 0; at < text.length; at++) {
		if (text[at] === '{') depth++;
		if (text[at] === '}' && --depth === 0) return at + 1;
	}
	throw new Error('The metadata of the library has no end.');
}
