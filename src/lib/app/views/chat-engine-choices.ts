import type { EngineChoice } from '../../core/setup.ts';
import type { FitVerdict } from '../../engines/fit-contract.ts';
import type { ModelListing } from '../../library/library-api.ts';
import { sameChoice } from '../engine-on-trial.ts';

/** An engine that a chat may try. */
export interface ChatEngineOption {
	/** Tells the options apart. */
	readonly value: string;
	readonly label: string;
	/** Null: the engine of the setup. */
	readonly choice: EngineChoice | null;
	/** What speaks against it, or tells it from others of its name; empty: nothing. */
	readonly note: string;
	readonly disabled: boolean;
}

export interface ChatEngineChoices {
	/** The one of the setup first. */
	readonly options: readonly ChatEngineOption[];
	/** The `value` of the one in use here. */
	readonly value: string;
	/** Of the engine that is asked here. */
	readonly name: string;
	/** What the user should know of an engine that is not that of the setup; null: nothing. */
	readonly notice: string | null;
}

interface Facts {
	/** Empty until they are known. */
	readonly listings: readonly ModelListing[];
	/** Null until the device is known. */
	readonly fitOf: (listing: ModelListing) => FitVerdict | null;
	/** The chat engine of the setup; null before there is one. */
	readonly setup: EngineChoice | null;
	/** What the chat tries; null: the engine of the setup. */
	readonly chosen: EngineChoice | null;
	/** True where an engine of that kind sends what it is given away. */
	readonly isRemote: (kind: string) => boolean;
}

const asSetUp = 'setup';

/** What can answer in one chat, whatever the setup says: every chat model that is on this device or on a server. */
export function chatEngineChoices(facts: Facts): ChatEngineChoices {
	const { listings, setup, chosen } = facts;
	const setupName = setup?.name ?? 'SAM';
	const models = listings
		.filter(({ entry, state }) => entry.tasks.includes('generate') && isHere(state))
		.map((listing, _, all) => optionOf(listing, facts, all));
	const options: ChatEngineOption[] = [
		{
			...{ value: asSetUp, label: `As set up: ${setupName}`, choice: null },
			...{ note: '', disabled: false }
		},
		...models
	];
	if (!chosen) return { options, value: asSetUp, name: setupName, notice: null };
	const found = models.find(({ choice }) => choice && sameChoice(choice, chosen));
	// Before the models are known, none is missed.
	const gone = !found && listings.length > 0;
	if (!found) options.push(missing(chosen, gone));
	return {
		options,
		value: found?.value ?? chosen.model,
		name: chosen.name,
		notice: noticeOf(facts, chosen, setupName, gone)
	};
}

function isHere({ at }: ModelListing['state']): boolean {
	return at === 'built-in' || at === 'installed' || at === 'remote';
}

function optionOf(
	listing: ModelListing,
	{ fitOf, isRemote }: Facts,
	all: readonly ModelListing[]
): ChatEngineOption {
	const { id, entry, frozen } = listing;
	const { name, engine, revision } = frozen?.spec ?? entry;
	const fit = fitOf(listing);
	const against = fit && fit.verdict !== 'fits' ? fit.reason : '';
	const namesakes = all.filter((other) => other.entry.name === name).length > 1;
	const remote = isRemote(engine) ? 'Runs on a server: questions leave this device.' : '';
	const which = namesakes ? `Revision ${revision.slice(0, 12)}.` : '';
	return {
		...{ value: id, label: name, choice: { engine, model: id, revision, name } },
		note: [remote, which, against].filter(Boolean).join(' '),
		disabled: fit?.verdict === 'wont-fit'
	};
}

function missing(choice: EngineChoice, gone: boolean): ChatEngineOption {
	return {
		...{ value: choice.model, label: choice.name, choice },
		note: gone ? 'Not on this device any more.' : '',
		disabled: gone
	};
}

function noticeOf(
	{ setup, isRemote }: Facts,
	chosen: EngineChoice,
	setupName: string,
	gone: boolean
): string | null {
	if (!setup || sameChoice(setup, chosen)) return null;
	if (gone) return `${chosen.name} is not on this device any more: ${setupName} answers here.`;
	const words = `${chosen.name} answers in this chat; ${setupName} in all others.`;
	return isRemote(chosen.engine)
		? `${words} Questions that are asked here, and their passages, leave this device.`
		: words;
}
