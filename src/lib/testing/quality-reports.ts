import type { PlanId } from '../core/ids.ts';
import type { AnswerReport, AnswerSide, PromptComparison } from '../migration/answer-report.ts';
import type { GateReport, GateSide } from '../migration/gate-report.ts';

const planId = 'plan-1' as PlanId;

export function gateSide(name: string, parts: Partial<GateSide> = {}): GateSide {
	return {
		...{
			name,
			recallAt1: 0.5,
			recallAt5: 0.75,
			recallAt10: 0.9,
			mrr: 0.62,
			medianMs: 12,
			p95Ms: 31
		},
		...parts
	};
}

/** A report that passed, of 50 queries and one past question, unless told otherwise. */
export function gateReport(parts: Partial<GateReport> = {}): GateReport {
	const passage = (name: string) => ({
		documentName: 'bees.md',
		headings: ['Winter'],
		excerpt: `${name} is what bees keep.`
	});
	return {
		...{ planId, version: 1, at: 1_700_000_000_000, queries: 50, passed: true },
		...{ maxRecallLoss: 0.05, old: gateSide('Old'), overlapAt10: 0.7, recut: false, warnings: [] },
		new: gateSide('New', { recallAt1: 0.7, recallAt10: 0.96, mrr: 0.8 }),
		losses: [{ query: 'hive winter', oldRank: 1, newRank: null }],
		pastQuestions: [
			{
				...{ question: 'How warm is a hive?', overlapAt10: 0.4, cited: 2, moved: 1 },
				...{ old: [passage('Warmth'), passage('Honey')], new: [passage('Honey')] }
			}
		],
		...parts
	};
}

export function answerSide(text: string, parts: Partial<AnswerSide> = {}): AnswerSide {
	return { text, error: null, firstTokenMs: 120, tokensPerSecond: 20, ms: 900, ...parts };
}

export function promptComparison(
	id: string,
	parts: Partial<PromptComparison> = {}
): PromptComparison {
	return {
		...{ id, text: `Prompt ${id}?`, sources: ['bees.md'], vote: null },
		...{ old: answerSide(`Old ${id}.`), new: answerSide(`New ${id}.`, { tokensPerSecond: 40 }) },
		...parts
	};
}

/** Two prompts, answered by both, without votes, unless told otherwise. */
export function answerReport(parts: Partial<AnswerReport> = {}): AnswerReport {
	return {
		...{ planId, version: 1, at: 1_700_000_000_000, oldName: 'Old', newName: 'New' },
		prompts: [promptComparison('one'), promptComparison('two')],
		...parts
	};
}
