import Cpu from '@lucide/svelte/icons/cpu';
import { describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import ChoiceMenu, { type MenuChoice } from './ChoiceMenu.svelte';

const choice = (value: string, change: Partial<MenuChoice> = {}): MenuChoice => ({
	...{ value, label: `Engine ${value}`, note: '', disabled: false },
	...change
});

async function setup(value = 'a') {
	const onchange = vi.fn<(value: string) => void>();
	const onopen = vi.fn<() => void>();
	await render(ChoiceMenu, {
		...{ label: 'Engine for this chat', name: `Engine ${value}`, heading: 'Only here' },
		choices: [
			choice('a'),
			choice('b'),
			choice('c', { disabled: true, note: 'It needs WebGPU.' }),
			choice('d')
		],
		...{ icon: Cpu, value, onchange, onopen }
	});
	const button = page.getByRole('button', { name: `Engine for this chat: Engine ${value}` });
	return { onchange, onopen, button };
}

describe('ChoiceMenu', () => {
	test('shows every choice with what is to be known of it, the present one checked', async () => {
		const { button, onopen } = await setup('b');
		await button.click();
		const items = page.getByRole('menuitemradio');
		await expect.element(items.nth(1)).toHaveAttribute('aria-checked', 'true');
		expect(items.elements().map(({ textContent }) => textContent.trim())).toEqual([
			'Engine a',
			'Engine b',
			expect.stringMatching(/^Engine c\s*It needs WebGPU\.$/),
			'Engine d'
		]);
		expect(onopen).toHaveBeenCalledOnce();
	});

	test('is used with the keyboard, passes what cannot be chosen, and gives the focus back', async () => {
		const { button, onchange } = await setup();
		button.element().focus();
		await userEvent.keyboard('{Enter}');
		await expect.element(page.getByRole('menu')).toBeVisible();
		await userEvent.keyboard('{ArrowDown}{ArrowDown}');
		await expect.element(page.getByRole('menuitemradio', { name: 'Engine d' })).toHaveFocus();
		await userEvent.keyboard('{Enter}');
		expect(onchange).toHaveBeenCalledExactlyOnceWith('d');
		await expect.element(button).toHaveFocus();
	});

	test('closes with Escape and chooses nothing', async () => {
		const { button, onchange } = await setup();
		await button.click();
		await expect.element(page.getByRole('menu')).toBeVisible();
		await userEvent.keyboard('{Escape}');
		await expect.element(page.getByRole('menu')).not.toBeInTheDocument();
		await expect.element(button).toHaveFocus();
		expect(onchange).not.toHaveBeenCalled();
	});

	test('refuses what is disabled to the mouse, too', async () => {
		const { button, onchange } = await setup();
		await button.click();
		await page.getByRole('menuitemradio', { name: /^Engine c/ }).click({ force: true });
		expect(onchange).not.toHaveBeenCalled();
	});
});
