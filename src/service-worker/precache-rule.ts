/** The runtimes of engines and the PDF reader: large, and needed only once a model or a PDF is used. */
const onDemand = /^(ort[.-]|transformers|web-?llm|mlc|pdf)/i;

/**
 * Whether a built file belongs to what works offline at once: the pages, the light workers, Voy and keyword search.
 * All others are fetched on first use, or with the model that needs them, and kept in the runtime cache.
 * `scripts/check-bundle.mjs` applies the same rule and fails the build when the whole grows over its budget.
 */
export function isPrecached(path: string): boolean {
	const name = path.slice(path.lastIndexOf('/') + 1);
	return !onDemand.test(name) && !name.endsWith('.mjs') && !name.endsWith('.map');
}
