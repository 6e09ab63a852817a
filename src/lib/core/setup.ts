import type { AdapterId, IndexId, ModelId, PlanId } from './ids.ts';

/** A model at a pinned revision, run by an engine. */
export interface EngineChoice {
	readonly engine: string;
	readonly model: ModelId;
	readonly revision: string;
	/** The model's name for people, so that a setup can be shown without the catalog. */
	readonly name: string;
}

/** A LoRA adapter that is on. */
export interface AdapterUse {
	readonly adapter: AdapterId;
	/** What its change is multiplied by: 0 is the base model, 1 the adapter as it was trained. From 0 to 2. */
	readonly strength: number;
}

/** What is in use: replaced whole, never edited. */
export interface Setup {
	readonly chat: EngineChoice;
	readonly embedding: EngineChoice;
	readonly index: IndexId;
	/** Of the chat engine. They add up; their order does not matter. */
	readonly adapters: readonly AdapterUse[];
}

/** The time between a switch and Keep or Undo, in which the old setup stays whole. */
export interface Trial {
	readonly planId: PlanId;
	readonly previous: Setup;
	/** Epoch milliseconds. */
	readonly startedAt: number;
	/** After this the old setup may be collected. Epoch milliseconds. */
	readonly keepUntil: number;
	/** Starts of the new engines that have begun and not been reported good. Written before each load. */
	readonly unprovenStarts: number;
}

/** The ONE record that says what is in use. A switch is one atomic write of it. */
export interface SetupRecord {
	readonly id: 'active';
	readonly version: 1;
	/** Grows by one with each write, so that a late writer is noticed. */
	readonly sequence: number;
	readonly current: Setup;
	readonly since: number;
	readonly trial: Trial | null;
}
