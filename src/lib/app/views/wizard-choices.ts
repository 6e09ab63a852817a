import type { ModelId } from '../../core/ids.ts';
import type { Task } from '../../core/model-spec.ts';
import type { FitVerdict } from '../../engines/fit-contract.ts';
import type { ModelListing } from '../../library/library-api.ts';

/** A model that could take over a role. */
export interface WizardChoice {
	readonly listing: ModelListing;
	/** Null until the device is known. */
	readonly fit: FitVerdict | null;
	/** Nothing of it has to be downloaded. */
	readonly here: boolean;
	/** A newer revision of a model on this device. */
	readonly newer: boolean;
	/** Better than what is in use, so the catalog says, or a newer revision of it. */
	readonly suggested: boolean;
}

export interface WizardChoices {
	/** Best first; those that will not fit come last. */
	readonly all: readonly WizardChoice[];
	/** What is shown before somebody asks for all, in the same order. */
	readonly first: readonly WizardChoice[];
}

interface Facts {
	readonly listings: readonly ModelListing[];
	/** Null until the device is known. */
	readonly fits: ReadonlyMap<ModelId, FitVerdict> | null;
	/** The model that has the role now: it is none of the choices. */
	readonly inUse: ModelId | undefined;
	/** Always shown: `keep` or a model id. */
	readonly chosen: string;
}

/** So many are read at a glance; a few more are not worth a click. */
const atAGlance = 8;
const notWorthAClick = 2;

/** What can take over that role, sorted for choosing. */
export function choicesFor(task: Task, facts: Facts): WizardChoices {
	const all = facts.listings
		.filter(({ id, entry }) => entry.tasks.includes(task) && id !== facts.inUse)
		.map((listing) => choiceOf(listing, facts))
		.sort((a, b) => rankOf(a) - rankOf(b));
	if (all.length <= atAGlance + notWorthAClick) return { all, first: all };
	const first = all.filter(
		(choice, at) =>
			choice.suggested ||
			choice.here ||
			choice.listing.id === facts.chosen ||
			(at < atAGlance && choice.fit?.verdict !== 'wont-fit')
	);
	return { all, first };
}

function choiceOf(listing: ModelListing, { listings, fits, inUse }: Facts): WizardChoice {
	const entryInUse = listings.find(({ id }) => id === inUse)?.entry.id;
	const { id, entry, state, updates } = listing;
	const replaces = entryInUse !== undefined && entry.replaces.includes(entryInUse);
	return {
		listing,
		fit: fits?.get(id) ?? null,
		here: state.at === 'built-in' || state.at === 'installed' || state.at === 'remote',
		newer: updates !== null,
		suggested: replaces || (updates !== null && updates === inUse)
	};
}

function rankOf({ fit, suggested, here }: WizardChoice): number {
	if (fit?.verdict === 'wont-fit') return 4;
	if (suggested) return 0;
	if (here) return 1;
	return fit?.verdict === 'tight' ? 3 : 2;
}
