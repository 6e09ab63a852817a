import type { IndexId } from '../core/ids.ts';
import type { JournalEntry } from '../migration/journal-entry.ts';

/** Every index was made by some upgrade, or replaced by one: their plans know what its engine was called. */
export function indexNames(
	journals: readonly (readonly JournalEntry[])[]
): ReadonlyMap<IndexId, string> {
	return new Map(
		journals.flatMap(([first]) =>
			first?.type === 'planned'
				? [first.plan.from, first.plan.to].map(
						({ index, embedding }) => [index, embedding.name] as const
					)
				: []
		)
	);
}
