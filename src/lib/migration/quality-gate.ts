import type { Sha256 } from '../core/ids.ts';
import type { KnownItem } from '../knowledge/knowledge-api.ts';
import type { GateLoss, GateSide } from './gate-report.ts';
import type { GateOptions } from './plan.ts';

/** What one index answered to one query: passages, best first, at most ten. */
export interface Ranking {
	readonly found: readonly Sha256[];
	/** Time to embed the query and to search, milliseconds. */
	readonly ms: number;
}

const missed = Number.POSITIVE_INFINITY;

/** How well one engine finds the passages that the queries were made from. No queries give zeros. */
export function rateSide(
	name: string,
	items: readonly KnownItem[],
	rankings: readonly Ranking[]
): GateSide {
	const ranks = ranksOf(items, rankings);
	const within = (limit: number): number => mean(ranks.map((rank) => (rank <= limit ? 1 : 0)));
	return {
		name,
		recallAt1: within(1),
		recallAt5: within(5),
		recallAt10: within(10),
		mrr: mean(ranks.map((rank) => 1 / rank)),
		medianMs: median(rankings.map(({ ms }) => ms))
	};
}

/** Mean share of the old passages that the new index found too; 1 where there was nothing to find. */
export function overlapOf(old: readonly Ranking[], next: readonly Ranking[]): number {
	if (old.length === 0) return 1;
	return mean(
		old.map(({ found }, at) => {
			const others = new Set(next[at]?.found);
			if (found.length === 0) return 1;
			return found.filter((textHash) => others.has(textHash)).length / found.length;
		})
	);
}

/** The queries that lost most ranks, worst first, at most ten. */
export function lossesOf(
	items: readonly KnownItem[],
	old: readonly Ranking[],
	next: readonly Ranking[]
): GateLoss[] {
	const oldRanks = ranksOf(items, old);
	const newRanks = ranksOf(items, next);
	return items
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

/** Passes unless the new index finds fewer of the passages among its first ten than the options allow. */
export function passesGate(
	old: GateSide,
	next: GateSide,
	options: Pick<GateOptions, 'maxRecallLoss'>
): boolean {
	// The two are fractions of one count: a difference below this is rounding.
	const rounding = 1e-9;
	return next.recallAt10 >= old.recallAt10 - options.maxRecallLoss - rounding;
}

/** Rank of each query's own passage, from 1; infinite where it was not found. */
function ranksOf(items: readonly KnownItem[], rankings: readonly Ranking[]): number[] {
	return items.map(({ textHash }, at) => {
		const index = rankings[at]?.found.indexOf(textHash) ?? -1;
		return index < 0 ? missed : index + 1;
	});
}

function lost({ before, after }: { before: number; after: number }): number {
	return Math.min(after, 11) - before;
}

function shown(rank: number): number | null {
	return rank === missed ? null : rank;
}

function mean(values: readonly number[]): number {
	if (values.length === 0) return 0;
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	const upper = sorted[middle] ?? 0;
	return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
