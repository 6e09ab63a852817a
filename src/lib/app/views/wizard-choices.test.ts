import { describe, expect, test } from 'vitest';
import type { EntryId, ModelId } from '../../core/ids.ts';
import type { FitVerdict } from '../../engines/fit-contract.ts';
import type { ModelListing, ModelState } from '../../library/library-api.ts';
import { listingOf } from '../../testing/listing-of.ts';
import { choicesFor, type WizardChoice } from './wizard-choices.ts';

const installed: ModelState = { at: 'installed', bytes: 1, installedAt: 0, verifiedAt: 0 };
const used = listingOf('Used', { state: installed });

function fitting(verdicts: Readonly<Record<string, FitVerdict['verdict']>>) {
	return new Map(
		Object.entries(verdicts).map(([name, verdict]) => [
			listingOf(name).id,
			{ verdict, reason: `${name} is ${verdict}.` }
		])
	);
}

function choices(
	listings: readonly ModelListing[],
	facts: Partial<Parameters<typeof choicesFor>[1]> = {}
) {
	const given = { listings: [used, ...listings], fits: new Map(), inUse: used.id, chosen: 'keep' };
	return choicesFor('generate', { ...given, ...facts });
}

const namesOf = (list: readonly WizardChoice[]): string[] =>
	list.map(({ listing }) => listing.entry.name);

describe('the choices for a role', () => {
	test('are models that can do it, without the one that has it', () => {
		const mute = listingOf('Mute', { entry: { tasks: ['embed'] } });
		expect(namesOf(choices([mute, listingOf('A')]).all)).toEqual(['A']);
	});

	test('begin with what is better than the model in use, then with what is here', () => {
		const listings = [
			listingOf('A'),
			listingOf('Here', { state: installed }),
			listingOf('Better', { entry: { replaces: [used.entry.id] } }),
			listingOf('Other', { entry: { replaces: ['else' as EntryId] } }),
			listingOf('Built in', { state: { at: 'built-in' } }),
			listingOf('On a server', { state: { at: 'remote', origin: 'http://localhost:1' } }),
			listingOf('Next', { updates: used.id })
		];
		const { all } = choices(listings);
		expect(namesOf(all)).toEqual([
			...['Better', 'Next', 'Here', 'Built in', 'On a server', 'A', 'Other']
		]);
		expect(all.map(({ suggested }) => suggested).slice(0, 3)).toEqual([true, true, false]);
	});

	test('put a tight fit after a good one, and last what will not fit, however good it is', () => {
		const listings = [
			listingOf('Huge', { entry: { replaces: [used.entry.id] } }),
			listingOf('Slow'),
			listingOf('Good')
		];
		const fits = fitting({ Huge: 'wont-fit', Slow: 'tight', Good: 'fits' });
		const { all } = choices(listings, { fits });
		expect(namesOf(all)).toEqual(['Good', 'Slow', 'Huge']);
		expect(all.at(-1)?.fit?.reason).toBe('Huge is wont-fit.');
	});

	test('keep the order of the catalog where nothing speaks for one of them', () => {
		const { all } = choices([listingOf('B'), listingOf('A')], { fits: null });
		expect(namesOf(all)).toEqual(['B', 'A']);
		expect(all[0]?.fit).toBeNull();
	});

	test('tell a newer revision of any model that is here', () => {
		const other = 'other@1' as ModelId;
		const { all } = choices([listingOf('Newer', { updates: other })]);
		expect([all[0]?.newer, all[0]?.suggested]).toEqual([true, false]);
	});

	test('suggest nothing by a model in use that nobody knows', () => {
		const better = listingOf('Better', { entry: { replaces: [used.entry.id] } });
		const { all } = choices([better], { inUse: 'gone' as ModelId });
		expect(all.map(({ suggested }) => suggested)).toEqual([false, false]);
	});
});

describe('the first look', () => {
	const many = Array.from({ length: 20 }, (_, i) => listingOf(`M${i}`));

	test('shows all of a short list', () => {
		const short = choices(many.slice(0, 10));
		expect(short.first).toEqual(short.all);
	});

	test('shows the best of a long one', () => {
		const { all, first } = choices(many);
		expect(all).toHaveLength(20);
		expect(namesOf(first)).toEqual(namesOf(all).slice(0, 8));
	});

	test('shows all that is here or suggested, and what is chosen, where it stands', () => {
		const here = many.map((listing) => ({ ...listing, state: installed }));
		expect(choices(here).first).toHaveLength(20);
		const chosen = choices(many, { chosen: many[15]!.id });
		expect(namesOf(chosen.first)).toEqual([...namesOf(chosen.all).slice(0, 8), 'M15']);
	});

	test('is not filled up with what will not fit', () => {
		const fits = fitting(Object.fromEntries(many.map((_, i) => [`M${i}`, 'wont-fit'])));
		expect(choices(many, { fits }).first).toEqual([]);
		expect(choices(many, { fits }).all).toHaveLength(20);
	});
});
