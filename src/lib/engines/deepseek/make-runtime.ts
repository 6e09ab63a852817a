import type { BaseModelEngine } from '../base-model-engine.ts';

/** A fresh engine that computes the model, imported only now. */
export async function makeRuntime(): Promise<BaseModelEngine> {
	const { TransformersEngine } = await import('../transformers/transformers-engine.ts');
	return new TransformersEngine();
}
