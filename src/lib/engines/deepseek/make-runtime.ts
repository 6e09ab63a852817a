import type { BaseModelEngine } from '../base-model-engine.ts';
import type { FitRuntime } from '../fit-needs.ts';

/** A fresh engine of that runtime, which is imported only now. */
export async function makeRuntime(runtime: FitRuntime): Promise<BaseModelEngine> {
	if (runtime === 'webllm') {
		const { WebLlmEngine } = await import('../webllm/web-llm-engine.ts');
		return new WebLlmEngine();
	}
	const { TransformersEngine } = await import('../transformers/transformers-engine.ts');
	return new TransformersEngine();
}
