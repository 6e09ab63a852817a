import type { PlanId } from '../core/ids.ts';

/** How one embedding engine did on the known-item queries. Fractions are 0…1. */
export interface GateSide {
	/** The model's name for people. */
	readonly name: string;
	/** Share of queries whose own passage came first, among the first five, among the first ten. */
	readonly recallAt1: number;
	readonly recallAt5: number;
	readonly recallAt10: number;
	/** Mean of 1 / rank of the right passage, 0 where it was not among the first ten. */
	readonly mrr: number;
	/** Median time to embed one query and search for it, milliseconds. */
	readonly medianMs: number;
	/** 95 of 100 queries take no longer. Absent in reports of earlier versions. */
	readonly p95Ms?: number;
}

/** A query that the new engine answers worse than the old one. Ranks from 1, null beyond the tenth. */
export interface GateLoss {
	readonly query: string;
	readonly oldRank: number | null;
	readonly newRank: number | null;
}

/** A found passage, as the report shows it. */
export interface FoundExcerpt {
	readonly documentName: string;
	/** The headings that it stands under, outermost first. */
	readonly headings: readonly string[];
	/** Its beginning. */
	readonly excerpt: string;
}

/** A question that the user had asked before, and what both indexes find for it. */
export interface PastQuestionComparison {
	readonly question: string;
	/** Share of the old first ten passages that are among the new first ten, 0…1. */
	readonly overlapAt10: number;
	/** How many of the passages that its answer cited the old index finds among its first ten. */
	readonly cited: number;
	/** How many of those are not among the new first ten. */
	readonly moved: number;
	/** The first passages, three at most, best first. */
	readonly old: readonly FoundExcerpt[];
	readonly new: readonly FoundExcerpt[];
}

/**
 * What is worth a look though the gate passes. `questions-differ`: the user's own questions find other passages than
 * before; `slower`: a search takes much longer.
 */
export type GateWarning = 'questions-differ' | 'slower';

/** What the comparison of the old and the new index found, on the user's own documents. */
export interface GateReport {
	readonly planId: PlanId;
	readonly version: 1;
	readonly at: number;
	/** Queries that were really asked; 0 when there was nothing to ask about, and then it passes. */
	readonly queries: number;
	readonly passed: boolean;
	readonly maxRecallLoss: number;
	readonly old: GateSide;
	readonly new: GateSide;
	/** Mean share of the old first ten passages that are among the new first ten. */
	readonly overlapAt10: number;
	/** The worst losses, at most ten. */
	readonly losses: readonly GateLoss[];
	/** True where the new index is made of passages of another size. Absent in reports of earlier versions. */
	readonly recut?: boolean;
	/** The newest first; empty where none was asked. Absent in reports of earlier versions. */
	readonly pastQuestions?: readonly PastQuestionComparison[];
	/** Absent in reports of earlier versions. */
	readonly warnings?: readonly GateWarning[];
	/**
	 * Why the old engine could not be asked, a whole sentence. Then nothing is compared and the gate has not passed: the
	 * figures of the old side and what both share mean nothing. Absent where it was asked.
	 */
	readonly oldFailed?: string;
}
