import { readFile } from 'node:fs/promises';
import { voyLoader } from '../knowledge/load-voy.ts';

/** The real Voy, for tests in Node. */
export const voyFromDisk = voyLoader(async (imports) => {
	const file = new URL('../../../node_modules/voy-search/voy_search_bg.wasm', import.meta.url);
	const { instance } = await WebAssembly.instantiate(await readFile(file), imports);
	return instance;
});
