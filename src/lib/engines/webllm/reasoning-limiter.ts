import type { LogitProcessor } from '@mlc-ai/web-llm';
import type { ReasoningBudget } from '../reasoning/reasoning-budget.ts';

/** So unlikely that nothing chooses it, and still a number that can be computed with. */
const never = -1e9;

/** Makes a model end its reasoning when its budget is spent. Sits in the runtime, and limits nothing by itself. */
export class ReasoningLimiter implements LogitProcessor {
	/** Of the answer that is being written; null for none. */
	budget: ReasoningBudget | null = null;

	/** The logits, or, where the budget says which token comes next, those that leave no choice. */
	processLogits(logits: Float32Array): Float32Array {
		const forced = this.budget?.forced ?? null;
		if (forced === null) return logits;
		return new Float32Array(logits.length).fill(never).fill(0, forced, forced + 1);
	}

	processSampledToken(token: number): void {
		this.budget?.observe(token);
	}

	resetState(): void {
		// Comes when a conversation is forgotten, in the middle of an answer's beginning; the budget is the answer's.
	}
}
