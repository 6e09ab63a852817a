import type { IndexId, ModelId } from '../core/ids.ts';
import type { EngineChoice, Setup } from '../core/setup.ts';

/** A choice of the scripted engine's model at that revision. */
export function scriptedChoice(revision: string): EngineChoice {
	return {
		engine: 'scripted',
		model: 'scripted' as ModelId,
		revision,
		name: `Scripted ${revision}`
	};
}

/** A setup of the scripted model at these revisions; its index is named after the embedding one. */
export function setupWith(chat: string, embedding: string): Setup {
	return {
		chat: scriptedChoice(chat),
		embedding: scriptedChoice(embedding),
		index: `index-${embedding}` as IndexId,
		adapters: []
	};
}
