/** The usual damping: how little the difference between first and second place counts. */
const k = 60;

export interface Fused<Item> {
	readonly item: Item;
	/** Sum of 1 / (60 + place) over the rankings that hold the item. */
	readonly score: number;
}

/**
 * Reciprocal rank fusion: one ranking, best first, of several. Only places count, so scores of different kinds
 * need no common scale. An item that stands twice in a ranking counts once, at its better place. Ties keep the order
 * in which the items first came up.
 */
export function fuseRankings<Item>(rankings: readonly (readonly Item[])[]): Fused<Item>[] {
	const scores = new Map<Item, number>();
	for (const ranking of rankings) {
		for (const [place, item] of [...new Set(ranking)].entries()) {
			scores.set(item, (scores.get(item) ?? 0) + 1 / (k + place + 1));
		}
	}
	return [...scores].map(([item, score]) => ({ item, score })).sort((a, b) => b.score - a.score);
}
