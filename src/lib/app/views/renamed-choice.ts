import type { ModelListing } from '../../library/library-api.ts';

/**
 * What was chosen, by the id that it has now: a model that only its publisher can freeze gets another id when it is
 * frozen. `keep`, and what is gone altogether, stays as it is.
 */
export function renamedChoice(
	chosen: string,
	before: readonly ModelListing[],
	now: readonly ModelListing[]
): string {
	if (now.some(({ id }) => id === chosen)) return chosen;
	const entry = before.find(({ id }) => id === chosen)?.entry.id;
	const others = now.filter((listing) => listing.entry.id === entry);
	const known = new Set<string>(before.map(({ id }) => id));
	// The branch may stand where an installed revision does: then nothing is new.
	return (others.find(({ id }) => !known.has(id)) ?? others[0])?.id ?? chosen;
}
