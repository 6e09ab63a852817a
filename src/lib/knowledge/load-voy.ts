import type { Voy } from 'voy-search/voy_search.js';

/** What is used of Voy. */
export interface VoyModule {
	readonly Voy: new () => Voy;
}
export type LoadVoy = () => Promise<VoyModule>;

/** Starts a WebAssembly module with the functions that it asks for. */
export type InstantiateWasm = (imports: WebAssembly.Imports) => Promise<WebAssembly.Instance>;

/**
 * Loads Voy once, at the first call. `instantiate` brings its `voy_search_bg.wasm`: a bundler's import in the app,
 * a file in tests. A failed load is tried again by the next call.
 */
export function voyLoader(instantiate: InstantiateWasm): LoadVoy {
	let loaded: Promise<VoyModule> | null = null;
	return () => {
		loaded ??= load(instantiate).catch((error: unknown) => {
			loaded = null;
			throw error;
		});
		return loaded;
	};
}

/** The package's own entry imports the wasm file as a module, which browsers do not do. */
async function load(instantiate: InstantiateWasm): Promise<VoyModule> {
	const glue = await import('voy-search/voy_search_bg.js');
	const functions = { ...glue } as unknown as WebAssembly.ModuleImports;
	const { exports } = await instantiate({ './voy_search_bg.js': functions });
	glue.__wbg_set_wasm(exports);
	return glue;
}
