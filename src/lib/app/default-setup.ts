import type { ModelSpec } from '../core/model-spec.ts';
import type { Setup } from '../core/setup.ts';
import { indexIdOf, indexSpecOf } from '../knowledge/index-spec.ts';
import { choiceOf } from './model-directory.ts';

/** The setup of a first start: one built-in model for everything. */
export async function defaultSetup(model: ModelSpec): Promise<Setup> {
	return {
		chat: choiceOf(model),
		embedding: choiceOf(model),
		index: await indexIdOf(indexSpecOf(model)),
		adapters: []
	};
}
