import type { ModelId } from '../../core/ids.ts';
import type { EngineChoice } from '../../core/setup.ts';
import type { PreferencePair } from './preference-pairs.ts';

/** Stands for a base model and all its copies: the id of one of them. */
export type BaseOf = (model: ModelId) => ModelId;

/** Which pairs are wanted. */
export interface PairFilter {
	/** A base model, as `BaseOf` names it. Null: of all engines. */
	readonly base: ModelId | null;
	/** Epoch milliseconds, inclusive; null: from the first. */
	readonly since: number | null;
	/** Also answers that only quote passages. */
	readonly extractive: boolean;
}

export interface PairsOfBase {
	readonly base: ModelId;
	/** Whose answers were rejected: copies of it, each once, the most often first. */
	readonly engines: readonly EngineChoice[];
	readonly pairs: number;
}

/** Pairs or judgements, in their order. */
export function selectPairs<Item extends Pick<PreferencePair, 'engine' | 'at' | 'extractive'>>(
	items: readonly Item[],
	{ base, since, extractive }: PairFilter,
	baseOf: BaseOf
): Item[] {
	return items.filter(
		(item) =>
			(base === null || baseOf(item.engine.model) === base) &&
			(since === null || item.at >= since) &&
			(extractive || !item.extractive)
	);
}

/** Whose answers were rejected, the most often first. */
export function pairsByBase(pairs: readonly PreferencePair[], baseOf: BaseOf): PairsOfBase[] {
	const groups = Map.groupBy(pairs, ({ engine }) => baseOf(engine.model));
	return [...groups]
		.map(([base, own]) => ({ base, engines: enginesOf(own), pairs: own.length }))
		.sort((a, b) => b.pairs - a.pairs || nameOf(a).localeCompare(nameOf(b)));
}

function enginesOf(pairs: readonly PreferencePair[]): EngineChoice[] {
	const byModel = [...Map.groupBy(pairs, ({ engine }) => engine.model).values()];
	return byModel.sort((a, b) => b.length - a.length).flatMap((own) => own[0]?.engine ?? []);
}

/** For people: `Qwen3 0.6B`, or `Qwen3 0.6B and Qwen3 0.6B (WebLLM)` for two copies of it. */
export function nameOf({ engines }: Pick<PairsOfBase, 'engines'>): string {
	return [...new Set(engines.map(({ name }) => name))].join(' and ');
}
