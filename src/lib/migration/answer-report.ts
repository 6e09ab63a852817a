import type { GroundingPassage } from '../core/generation.ts';
import type { PlanId } from '../core/ids.ts';

/** What one chat engine made of one prompt. What it said to itself before it answered is left out. */
export interface AnswerSide {
	/** Empty where it failed, or said nothing. */
	readonly text: string;
	/** A whole sentence; null when it answered. */
	readonly error: string | null;
	/** From the call to its first text or reasoning, milliseconds; null where it failed. */
	readonly firstTokenMs: number | null;
	/** From the first token on; null where there were too few to tell. */
	readonly tokensPerSecond: number | null;
	/** From the call to the end, milliseconds. */
	readonly ms: number;
}

/** Which answer the user likes better. */
export type Vote = 'old' | 'new' | 'same';

export interface PromptComparison {
	/** Of the test prompt. */
	readonly id: string;
	readonly text: string;
	/** Titles of the passages that both engines were given, best first. */
	readonly sources: readonly string[];
	/** Those passages; absent once both engines have answered, so that the report keeps no copy of documents. */
	readonly passages?: readonly GroundingPassage[];
	/** Null until it has answered. */
	readonly old: AnswerSide | null;
	readonly new: AnswerSide | null;
	readonly vote: Vote | null;
}

/** What the old and the new chat engine answered to the same prompts, and what the user thinks of it. */
export interface AnswerReport {
	readonly planId: PlanId;
	readonly version: 1;
	/** When it was begun. */
	readonly at: number;
	/** The models' names for people. */
	readonly oldName: string;
	readonly newName: string;
	/** In the order in which they were asked. */
	readonly prompts: readonly PromptComparison[];
}
