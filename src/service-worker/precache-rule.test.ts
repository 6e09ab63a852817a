import { expect, test } from 'vitest';
import { isPrecached } from './precache-rule.ts';

test.for([
	'/_app/immutable/entry/start.E0j1-RQD.js',
	'/_app/immutable/chunks/BPMeUQm6.js',
	'/_app/immutable/assets/0.Bq6zu6Is.css',
	'/_app/immutable/workers/knowledge.worker-D5bC91xy.js',
	'/_app/immutable/workers/assets/voy_search_bg-D5bC91xy.wasm',
	'/_app/immutable/workers/chunks/pdf-D5bC91xy.js',
	'/_app/immutable/workers/pdf.worker.min-D5bC91xy.js'
])('%s works offline at once', (path) => {
	expect(isPrecached(path)).toBe(true);
});

test.for([
	'/_app/immutable/workers/assets/ort-wasm-simd-threaded.asyncify-D5bC91xy.wasm',
	'/_app/immutable/workers/assets/ort-wasm-simd-threaded-D5bC91xy.mjs',
	'/_app/immutable/workers/chunks/ort.bundle.min-D5bC91xy.js',
	'/_app/immutable/workers/chunks/transformers.web-D5bC91xy.js',
	'/_app/immutable/workers/chunks/web-llm-D5bC91xy.js',
	'/_app/immutable/workers/assets/index-D5bC91xy.js'
])('%s comes with what needs it', (path) => {
	expect(isPrecached(path)).toBe(false);
});
