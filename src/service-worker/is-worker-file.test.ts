import { expect, test } from 'vitest';
import { isWorkerFile } from './is-worker-file.ts';

test.each([
	['https://sam.test/_app/immutable/workers/chunks/starter-engine-x.js', true],
	['https://sam.test/_app/immutable/workers/assets/voy-x.wasm', true],
	['https://sam.test/_app/immutable/workers/engine.worker-x.js', false],
	['https://sam.test/_app/immutable/chunks/x.js', false]
])('%s is a worker file: %s', (url, is) => {
	expect(isWorkerFile(url)).toBe(is);
});
