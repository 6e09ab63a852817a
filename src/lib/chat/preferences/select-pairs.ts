import type { ModelId } from '../../core/ids.ts';
import type { EngineChoice } from '../../core/setup.ts';
import type { PreferencePair } from './preference-pairs.ts';

/** Which pairs are wanted. */
export interface PairFilter {
	/** Null: of all engines. */
	readonly model: ModelId | null;
	/** Epoch milliseconds, inclusive; null: from the first. */
	readonly since: number | null;
	/** Also answers that only quote passages. */
	readonly extractive: boolean;
}

export interface PairsOfEngine {
	readonly engine: EngineChoice;
	readonly pairs: number;
}

/** Pairs or judgements, in their order. */
export function selectPairs<Item extends Pick<PreferencePair, 'engine' | 'at' | 'extractive'>>(
	items: readonly Item[],
	{ model, since, extractive }: PairFilter
): Item[] {
	return items.filter(
		(item) =>
			(model === null || item.engine.model === model) &&
			(since === null || item.at >= since) &&
			(extractive || !item.extractive)
	);
}

/** Whose answers were rejected, the most often first. */
export function pairsByEngine(pairs: readonly PreferencePair[]): PairsOfEngine[] {
	const counts = new Map<ModelId, PairsOfEngine>();
	for (const { engine } of pairs) {
		counts.set(engine.model, { engine, pairs: (counts.get(engine.model)?.pairs ?? 0) + 1 });
	}
	return [...counts.values()].sort(
		(a, b) => b.pairs - a.pairs || a.engine.name.localeCompare(b.engine.name)
	);
}
