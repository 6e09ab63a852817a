/** The runtimes of engines: large, and needed only once a model is used. */
const onDemand = /^(ort[.-]|transformers|web-?llm|mlc)/i;
/** A script that is taken as it is, among the assets: a runtime that its makers have built. */
const runtime = /\/workers\/assets\/[^/]+\.m?js$/;

/**
 * Whether a built file belongs to what works offline at once: the pages, the light workers, Voy,
 * keyword search and the readers of documents.
 * All others are fetched on first use, or with the model that needs them, and kept in the runtime cache.
 * `scripts/check-bundle.mjs` applies the same rule and fails the build when the whole grows over its budget.
 */
export function isPrecached(path: string): boolean {
	const name = path.slice(path.lastIndexOf('/') + 1);
	if (onDemand.test(name) || runtime.test(path)) return false;
	return !name.endsWith('.mjs') && !name.endsWith('.map');
}
