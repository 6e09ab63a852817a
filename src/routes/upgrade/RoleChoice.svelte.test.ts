import { describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { WizardChoice } from '$lib/app/views/wizard-choices.ts';
import { listingOf } from '$lib/testing/listing-of.ts';
import RoleChoice from './RoleChoice.svelte';

function choice(name: string, changes: Partial<WizardChoice> = {}): WizardChoice {
	const plain = { fit: null, here: false, newer: false, suggested: false };
	return { listing: listingOf(name), ...plain, ...changes };
}

function show(all: readonly WizardChoice[], first = all) {
	const choices = { all, first };
	return render(RoleChoice, { label: 'Chat engine', present: 'Starter 1', choices, value: 'keep' });
}

const namesOf = () =>
	page
		.getByRole('radio')
		.elements()
		.map((radio) => radio.getAttribute('aria-label'));

describe('RoleChoice', () => {
	test('begins with the engine in use, and each card with the name of its model', async () => {
		await show([
			choice('Better', { suggested: true, fit: { verdict: 'fits', reason: 'Small.' } }),
			choice('Newer', {
				newer: true,
				suggested: true,
				listing: listingOf('Newer', { bytes: 5e6 })
			}),
			choice('Here', { here: true, listing: listingOf('Here', { state: { at: 'built-in' } }) })
		]);
		expect(namesOf()).toEqual([
			'Keep current, Starter 1',
			'Better, recommended, fits, size is asked for at Next, A model for tests.',
			'Newer, newer revision, 5.0 MB to download, A model for tests.',
			'Here, built in, A model for tests.'
		]);
	});

	test('says plainly of a model on a server that what it is given leaves this device', async () => {
		const state = { at: 'remote', origin: 'http://localhost:11434' } as const;
		await show([choice('llama', { here: true, listing: listingOf('llama', { state }) })]);
		expect(namesOf()[1]).toBe('llama, leaves this device, A model for tests.');
	});

	test('says why a model is slow, and does not let one be chosen that will not fit', async () => {
		await show([
			choice('Slow', { fit: { verdict: 'tight', reason: 'It is slow here.' } }),
			choice('Huge', { fit: { verdict: 'wont-fit', reason: 'It needs 9 GB.' } })
		]);
		const slow = page.getByRole('radio', { name: /^Slow, tight/ });
		await expect.element(slow).toBeEnabled();
		await expect.element(slow).toHaveAccessibleDescription('It is slow here.');
		const huge = page.getByRole('radio', { name: /^Huge, won't fit/ });
		await expect.element(huge).toBeDisabled();
		await expect.element(huge).toHaveAccessibleDescription('It needs 9 GB.');
	});

	test('shows the rest of a long list when asked to', async () => {
		const all = ['A', 'B', 'C'].map((name) => choice(name));
		await show(all, all.slice(0, 1));
		expect(namesOf()).toHaveLength(2);
		const button = page.getByRole('button', { name: 'Show all 3 models for chat engine' });
		await expect.element(button).toHaveAttribute('aria-expanded', 'false');
		await button.click();
		expect(namesOf()).toHaveLength(4);
		await page.getByRole('button', { name: 'Show fewer models for chat engine' }).click();
		expect(namesOf()).toHaveLength(2);
	});

	test('has no button where all are shown', async () => {
		await show([choice('A')]);
		expect(page.getByRole('button').elements()).toEqual([]);
	});
});
