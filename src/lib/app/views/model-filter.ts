import type { Task } from '../../core/model-spec.ts';
import type { ModelListing } from '../../library/library-api.ts';

/** Which models the list shows. */
export interface ModelFilter {
	/** Words that must all be found, in any order. */
	readonly text: string;
	readonly task: Task | 'all';
	/** `here`: something of it is on this device. `fits`: this device can run it, as far as is known. */
	readonly where: 'all' | 'here' | 'fits';
	/** Empty for all. */
	readonly family: string;
}

export const everyModel: ModelFilter = { text: '', task: 'all', where: 'all', family: '' };

/** The listings that pass, in the same order. `fits` is asked only where the filter needs it. */
export function filterListings(
	listings: readonly ModelListing[],
	filter: ModelFilter,
	fits: (listing: ModelListing) => boolean
): ModelListing[] {
	const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
	return listings.filter((listing) => {
		const { entry, state } = listing;
		if (filter.task !== 'all' && !entry.tasks.includes(filter.task)) return false;
		if (filter.family && entry.family !== filter.family) return false;
		if (filter.where === 'here' && (state.at === 'available' || state.at === 'remote'))
			return false;
		if (filter.where === 'fits' && !fits(listing)) return false;
		const text = wordsOf(listing);
		return words.every((word) => text.includes(word));
	});
}

/** The families in the list, each once, in alphabetical order. */
export function familiesOf(listings: readonly ModelListing[]): string[] {
	const names = new Set(listings.map(({ entry }) => entry.family));
	return [...names].sort((a, b) => a.localeCompare(b, 'en'));
}

function wordsOf({ entry }: ModelListing): string {
	const { name, family, summary, engine, dtype, source, licence } = entry;
	return [name, family, summary, engine, dtype, source?.repository, licence?.name]
		.filter(Boolean)
		.join(' ')
		.toLowerCase();
}
