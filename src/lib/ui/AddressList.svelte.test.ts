import { describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import AddressList from './AddressList.svelte';

const field = page.getByRole('textbox', { name: 'Address of a mirror' });

async function setup(addresses: readonly string[], problem: string | null = null) {
	const onadd = vi.fn(async () => problem);
	const onremove = vi.fn<(address: string) => void>();
	const screen = await render(AddressList, {
		label: 'Mirrors',
		fieldLabel: 'Address of a mirror',
		hint: 'It serves what the model hub serves.',
		addresses,
		onadd,
		onremove
	});
	return { ...screen, onadd, onremove };
}

describe('AddressList', () => {
	test('adds what was entered, on Enter too, and is ready for the next one', async () => {
		const { onadd } = await setup([]);
		await field.fill('https://a.example');
		await userEvent.keyboard('{Enter}');
		expect(onadd).toHaveBeenCalledWith('https://a.example');
		await expect.element(field).toHaveValue('');
		await expect.element(field).toHaveFocus();
	});

	test('says what is wrong with it, keeps it, and forgives with the next letter', async () => {
		await setup([], 'This is no address.');
		await field.fill('a');
		await page.getByRole('button', { name: 'Add' }).click();
		await expect.element(field).toHaveAccessibleDescription('This is no address.');
		await expect.element(field).toHaveValue('a');
		await expect.element(field).toHaveAttribute('aria-invalid', 'true');
		await field.fill('ab');
		await expect.element(field).toHaveAccessibleDescription('It serves what the model hub serves.');
	});

	test('shows the addresses in their order, and removes one by its name', async () => {
		const { onremove, rerender } = await setup(['https://b.example/', 'https://a.example/']);
		const items = page.getByRole('list', { name: 'Mirrors' }).getByRole('listitem');
		expect(items.elements().map((item) => item.textContent.trim())).toEqual([
			'https://b.example/',
			'https://a.example/'
		]);
		await page.getByRole('button', { name: 'Remove https://b.example/' }).click();
		expect(onremove).toHaveBeenCalledWith('https://b.example/');
		await rerender({ addresses: ['https://a.example/'] });
		await expect.element(field).toHaveFocus();
	});
});
