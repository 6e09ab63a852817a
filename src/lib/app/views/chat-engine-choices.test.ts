import { describe, expect, test } from 'vitest';
import type { EngineChoice } from '../../core/setup.ts';
import type { FitVerdict } from '../../engines/fit-contract.ts';
import type { ModelListing } from '../../library/library-api.ts';
import { listingOf } from '../../testing/listing-of.ts';
import { chatEngineChoices } from './chat-engine-choices.ts';

const installed = { at: 'installed', bytes: 1, installedAt: 1, verifiedAt: 1 } as const;
const here = (name: string, change: Parameters<typeof listingOf>[1] = {}): ModelListing =>
	listingOf(name, { state: installed, ...change });
const choiceOf = ({ id, entry }: ModelListing): EngineChoice => ({
	...{ engine: entry.engine, model: id, revision: entry.revision, name: entry.name }
});

const starter = here('Starter 1', { state: { at: 'built-in' }, entry: { engine: 'starter' } });
const llama = here('Llama');
const fits: FitVerdict = { verdict: 'fits', reason: 'It is small.' };

function choose(
	listings: readonly ModelListing[],
	chosen: ModelListing | null = null,
	fitOf: (listing: ModelListing) => FitVerdict | null = () => fits
) {
	return chatEngineChoices({
		...{ listings, fitOf, setup: choiceOf(starter) },
		chosen: chosen && choiceOf(chosen),
		isRemote: (kind) => kind === 'remote'
	});
}

describe('the options', () => {
	test('are the engine of the setup, and every model here that can answer', () => {
		const { options } = choose([
			starter,
			llama,
			listingOf('Not downloaded'),
			here('BERT', { entry: { tasks: ['embed'] } })
		]);
		expect(options.map(({ label }) => label)).toEqual([
			'As set up: Starter 1',
			'Starter 1',
			'Llama'
		]);
		expect(options.map(({ choice }) => choice)).toEqual([null, choiceOf(starter), choiceOf(llama)]);
	});

	test('are the engine of the setup alone while nothing else is known', () => {
		expect(choose([]).options).toHaveLength(1);
	});

	test('say what speaks against them, and cannot be chosen where they will not run', () => {
		const fitOf = ({ entry }: ModelListing): FitVerdict =>
			entry.name === 'Llama'
				? { verdict: 'wont-fit', reason: 'It needs WebGPU.' }
				: { verdict: 'tight', reason: 'It is large.' };
		expect(choose([starter, llama], null, fitOf).options).toMatchObject([
			{ note: '', disabled: false },
			{ note: 'It is large.', disabled: false },
			{ note: 'It needs WebGPU.', disabled: true }
		]);
	});

	test('tell two revisions of a model apart', () => {
		const other = here('Llama', { entry: { revision: 'fedcba9876543210' } });
		expect(choose([starter, llama, other]).options.map(({ note }) => note)).toEqual([
			...['', '', 'Revision 0123456789ab.', 'Revision fedcba987654.']
		]);
	});

	test('say which ones run elsewhere', () => {
		const remote = here('Big', { entry: { engine: 'remote' } });
		expect(choose([remote]).options[1]?.note).toContain('leave this device');
	});
});

describe('the chat', () => {
	test('without a choice is answered by the setup, of which nothing need be said', () => {
		expect(choose([starter, llama])).toMatchObject({
			value: 'setup',
			name: 'Starter 1',
			notice: null
		});
	});

	test('with a choice says who answers here, and who elsewhere', () => {
		expect(choose([starter, llama], llama)).toMatchObject({
			value: llama.id,
			name: 'Llama',
			notice: 'Llama answers in this chat; Starter 1 in all others.'
		});
	});

	test('that holds on to the engine of the setup says nothing', () => {
		expect(choose([starter, llama], starter)).toMatchObject({ value: starter.id, notice: null });
	});

	test('with a server says that questions leave', () => {
		const remote = here('Big', { entry: { engine: 'remote' } });
		expect(choose([remote], remote).notice).toContain('leave this device');
	});

	test('whose model is gone says so, and that the setup answers', () => {
		const { options, value, notice } = choose([starter], llama);
		expect(notice).toBe('Llama is not on this device any more: Starter 1 answers here.');
		expect(options.at(-1)).toMatchObject({ value, disabled: true });
	});

	test('misses no model before the models are known', () => {
		const { options, value, notice } = choose([], llama);
		expect(options.at(-1)).toMatchObject({ value, label: 'Llama', disabled: false });
		expect(notice).toBe('Llama answers in this chat; Starter 1 in all others.');
	});
});
