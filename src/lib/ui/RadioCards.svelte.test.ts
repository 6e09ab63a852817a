import { describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import RadioCards, { type RadioCard } from './RadioCards.svelte';

const options: readonly RadioCard[] = [
	{ value: 'keep', label: 'Keep current', summary: 'Starter 1 stays' },
	{
		value: 'starter-2',
		label: 'Starter 2',
		summary: 'quotes better passages',
		badges: [
			{ text: 'fits', tone: 'good' },
			{ text: 'built in', tone: 'neutral' }
		],
		details: ['0 bytes to download']
	},
	{
		value: 'big',
		label: 'Big',
		summary: 'writes',
		badges: [{ text: "won't fit", tone: 'danger' }],
		details: ['This browser has no WebGPU, which it needs.'],
		disabled: true
	}
];

async function setup(label = 'Chat engine') {
	const onchange = vi.fn<(value: string) => void>();
	const screen = await render(RadioCards, { label, options, value: 'keep', onchange });
	return { ...screen, onchange };
}

describe('RadioCards', () => {
	test('is a named group of radios, each named by its engine first', async () => {
		await setup();
		const group = page.getByRole('radiogroup', { name: 'Chat engine' });
		await expect.element(group).toBeVisible();
		const names = group
			.getByRole('radio')
			.elements()
			.map((radio) => radio.getAttribute('aria-label'));
		expect(names).toEqual([
			'Keep current, Starter 1 stays',
			'Starter 2, fits, built in, quotes better passages',
			"Big, won't fit, writes"
		]);
	});

	test('reads the details out as the description', async () => {
		await setup();
		await expect
			.element(page.getByRole('radio', { name: /^Starter 2/ }))
			.toHaveAccessibleDescription('0 bytes to download');
	});

	test('says why one of them cannot be chosen', async () => {
		await setup();
		const big = page.getByRole('radio', { name: /^Big/ });
		await expect.element(big).toBeDisabled();
		await expect
			.element(big)
			.toHaveAccessibleDescription('This browser has no WebGPU, which it needs.');
	});

	test('is chosen from with a click anywhere on the card', async () => {
		const { onchange } = await setup();
		await page.getByText('quotes better passages').click();
		await expect.element(page.getByRole('radio', { name: /^Starter 2/ })).toBeChecked();
		expect(onchange).toHaveBeenCalledExactlyOnceWith('starter-2');
	});

	test('is chosen from with the arrow keys, past what cannot be chosen', async () => {
		const { onchange } = await setup();
		await userEvent.tab();
		await expect.element(page.getByRole('radio', { name: /^Keep current/ })).toHaveFocus();
		await userEvent.keyboard('{ArrowDown}');
		await userEvent.keyboard('{ArrowDown}');
		expect(onchange.mock.calls).toEqual([['starter-2'], ['keep']]);
		await expect.element(page.getByRole('radio', { name: /^Big/ })).toBeDisabled();
	});

	test('two groups on a page do not share their choice', async () => {
		await setup('Chat engine');
		await setup('Embedding engine');
		const embedding = page.getByRole('radiogroup', { name: 'Embedding engine' });
		await embedding.getByText('quotes better passages').click();
		const chat = page.getByRole('radiogroup', { name: 'Chat engine' });
		await expect.element(chat.getByRole('radio', { name: /^Keep current/ })).toBeChecked();
	});
});
