import type { BaseModelEngine } from './base-model-engine.ts';
import type { EngineInfo } from './engine-contract.ts';

/** A plugin: who the engine is, and how to make one. `make` imports the runtime only when it is called. */
export interface EngineDefinition {
	readonly info: EngineInfo;
	readonly make: () => Promise<BaseModelEngine>;
}

/** Declares an engine for the registry. With a catalog entry for its models, that is all a new engine needs. */
export function defineEngine(definition: EngineDefinition): EngineDefinition {
	return definition;
}
