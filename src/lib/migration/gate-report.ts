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
}

/** A query that the new engine answers worse than the old one. Ranks from 1, null beyond the tenth. */
export interface GateLoss {
	readonly query: string;
	readonly oldRank: number | null;
	readonly newRank: number | null;
}

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
}
