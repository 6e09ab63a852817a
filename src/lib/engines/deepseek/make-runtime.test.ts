import { expect, test } from 'vitest';
import { makeRuntime } from './make-runtime.ts';

test.each([
	['webllm', 'webllm'],
	['onnx', 'transformers'],
	['other', 'transformers']
] as const)('a model for the runtime %s is loaded by the engine %s', async (runtime, kind) => {
	const engine = await makeRuntime(runtime);
	expect(engine.info.kind).toBe(kind);
	expect(engine.status).toBe('unloaded');
});
