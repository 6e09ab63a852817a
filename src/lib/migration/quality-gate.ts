import type { Sha256 } from '../core/ids.ts';
import type { Counterparts } from './counterparts.ts';
import type { GateLoss, GateReport, GateSide, GateWarning } from './gate-report.ts';
import { median, percentile } from './percentile.ts';
import type { GateOptions } from './plan.ts';

/** A query, and the passages of one index that are the right answer: any of them will do. */
export interface GateQuery {
	readonly query: string;
	readonly right: ReadonlySet<Sha256>;
}

/** What one index answered to one query: passages, best first, at most ten. */
export interface Ranking {
	readonly found: readonly Sha256[];
	/** Time to embed the query and to search, milliseconds. */
	readonly ms: number;
}

const missed = Number.POSITIVE_INFINITY;

/**
 * A warning and no failure: a better model orders passages otherwise, too. Below this less than half of what was found is
 * found again, which is worth a look at the questions themselves.
 */
export const lowOverlap = 0.5;
/**
 * Slower by this much, and so slow that it is felt before an answer begins. No failure: how long the user is ready to wait
 * for better results is the user's to say.
 */
export const slowdown = 10;
export const noticeableMs = 200;

/** How well one engine finds the passages that the queries were made from. No queries give zeros. */
export function rateSide(
	name: string,
	queries: readonly GateQuery[],
	rankings: readonly Ranking[]
): GateSide {
	const ranks = ranksOf(queries, rankings);
	const within = (limit: number): number => mean(ranks.map((rank) => (rank <= limit ? 1 : 0)));
	const times = rankings.map(({ ms }) => ms);
	return {
		name,
		recallAt1: within(1),
		recallAt5: within(5),
		recallAt10: within(10),
		mrr: mean(ranks.map((rank) => 1 / rank)),
		medianMs: median(times) ?? 0,
		p95Ms: percentile(times, 0.95) ?? 0
	};
}

/** The share of the old passages that the new index found too; 1 where there was nothing to find. */
export function overlapOf(old: Ranking, next: Ranking, same: Counterparts): number {
	if (old.found.length === 0) return 1;
	return mean(old.found.map((textHash) => (same.isAmong(textHash, next.found) ? 1 : 0)));
}

/** Mean of `overlapOf` over all queries; 1 where there are none. */
export function meanOverlap(
	old: readonly Ranking[],
	next: readonly Ranking[],
	same: Counterparts
): number {
	if (old.length === 0) return 1;
	const nothing: Ranking = { found: [], ms: 0 };
	return mean(old.map((ranking, at) => overlapOf(ranking, next[at] ?? nothing, same)));
}

/** Both sides' rankings of the same queries. `right` differs where the two are made of passages of another size. */
export interface Asked {
	readonly queries: readonly GateQuery[];
	readonly rankings: readonly Ranking[];
}

/** The queries that lost most ranks, worst first, at most ten. */
export function lossesOf(old: Asked, next: Asked): GateLoss[] {
	const oldRanks = ranksOf(old.queries, old.rankings);
	const newRanks = ranksOf(next.queries, next.rankings);
	return old.queries
		.map(({ query }, at) => ({
			query,
			before: oldRanks[at] ?? missed,
			after: newRanks[at] ?? missed
		}))
		.filter(({ before, after }) => after > before)
		.sort((a, b) => lost(b) - lost(a))
		.slice(0, 10)
		.map(({ query, before, after }) => ({
			query,
			oldRank: shown(before),
			newRank: shown(after)
		}));
}

/**
 * Passes unless the new index finds fewer of the passages among its first ten than the options allow. By default that is
 * 0.05: of 50 questions two may be lost by chance, three are not let pass unseen.
 */
export function passesGate(
	old: GateSide,
	next: GateSide,
	options: Pick<GateOptions, 'maxRecallLoss'>
): boolean {
	// The two are fractions of one count: a difference below this is rounding.
	const rounding = 1e-9;
	return next.recallAt10 >= old.recallAt10 - options.maxRecallLoss - rounding;
}

export function warningsOf({
	old,
	new: next,
	pastQuestions = []
}: Pick<GateReport, 'old' | 'new' | 'pastQuestions'>): GateWarning[] {
	const differ =
		pastQuestions.length > 0 &&
		mean(pastQuestions.map(({ overlapAt10 }) => overlapAt10)) < lowOverlap;
	const slower = next.medianMs > slowdown * old.medianMs && next.medianMs > noticeableMs;
	return [...(differ ? ['questions-differ' as const] : []), ...(slower ? ['slower' as const] : [])];
}

/** Rank of each query's right passage, from 1; infinite where it was not found. */
function ranksOf(queries: readonly GateQuery[], rankings: readonly Ranking[]): number[] {
	return queries.map(({ right }, at) => {
		const index = rankings[at]?.found.findIndex((textHash) => right.has(textHash)) ?? -1;
		return index < 0 ? missed : index + 1;
	});
}

function lost({ before, after }: { before: number; after: number }): number {
	return Math.min(after, 11) - before;
}

function shown(rank: number): number | null {
	return rank === missed ? null : rank;
}

/** Of nothing it is 0. */
function mean(values: readonly number[]): number {
	if (values.length === 0) return 0;
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}
