import { expect, test } from 'vitest';
import { ortFiles } from './ort-files.ts';

test.each([
	[true, 'jspi'],
	[false, 'asyncify']
])('WebAssembly that can wait (%s) gets the build %s, script and code alike', (canWait, build) => {
	const { mjs, wasm } = ortFiles(canWait);
	expect(mjs).toContain(`ort-wasm-simd-threaded.${build}.mjs`);
	expect(wasm).toContain(`ort-wasm-simd-threaded.${build}.wasm`);
});
