/** Modules without types of their own. Both the pages' and the workers' tsconfig include this file. */
declare module '*.wasm?url' {
	const url: string;
	export default url;
}

/** Voy without its entry, which imports its wasm file as a module. */
declare module 'voy-search/voy_search_bg.js' {
	export { Voy } from 'voy-search/voy_search.js';
	export function __wbg_set_wasm(exports: WebAssembly.Exports): void;
}
