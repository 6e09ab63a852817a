import { expect, test } from 'vitest';
import { carriedOver } from './carried-over.ts';

const build = [
	'/w/ort-wasm-simd-BBBBBBBB.wasm',
	'/w/transformers.web-Cc_c-c1c.js',
	'/c/DDDDDDDD.js'
];

test('a file that was kept is wanted in its new version', () => {
	expect(carriedOver(['/w/ort-wasm-simd-AAAAAAAA.wasm'], build)).toEqual([
		'/w/ort-wasm-simd-BBBBBBBB.wasm'
	]);
});

test('a file that did not change is wanted as it is', () => {
	expect(carriedOver(['/w/transformers.web-Cc_c-c1c.js', '/c/DDDDDDDD.js'], build)).toEqual([
		'/w/transformers.web-Cc_c-c1c.js',
		'/c/DDDDDDDD.js'
	]);
});

test('what was never kept is not fetched, and what is gone is not missed', () => {
	expect(carriedOver(['/w/old-engine-AAAAAAAA.js'], build)).toEqual([]);
	expect(carriedOver([], build)).toEqual([]);
});
