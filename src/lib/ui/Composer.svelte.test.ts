import { describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import Composer from './Composer.svelte';

async function setup(props: { streaming?: boolean; disabled?: boolean; value?: string } = {}) {
	const onsend = vi.fn<(text: string) => void>();
	const onstop = vi.fn<() => void>();
	const screen = await render(Composer, { onsend, onstop, ...props });
	return { ...screen, onsend, onstop, message: page.getByRole('textbox', { name: 'Message' }) };
}

describe('Composer', () => {
	test('sends the trimmed text on Enter, clears the field and keeps the focus in it', async () => {
		const { message, onsend } = await setup();
		await message.fill('  What about pets?  ');
		await userEvent.keyboard('{Enter}');
		expect(onsend).toHaveBeenCalledExactlyOnceWith('What about pets?');
		await expect.element(message).toHaveValue('');
		await expect.element(message).toHaveFocus();
	});

	test('begins a new line on Shift+Enter', async () => {
		const { message, onsend } = await setup();
		await message.fill('one');
		await userEvent.keyboard('{Shift>}{Enter}{/Shift}two');
		await expect.element(message).toHaveValue('one\ntwo');
		expect(onsend).not.toHaveBeenCalled();
	});

	test('leaves Enter to an input method that is composing', async () => {
		const { message, onsend } = await setup({ value: 'にほん' });
		message
			.element()
			.dispatchEvent(
				new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true })
			);
		expect(onsend).not.toHaveBeenCalled();
	});

	test('sends with the button, and not while there is nothing but white space', async () => {
		const { message, onsend } = await setup();
		const send = page.getByRole('button', { name: 'Send' });
		await message.fill('   ');
		await expect.element(send).toBeDisabled();
		await message.fill('Hello');
		await send.click();
		expect(onsend).toHaveBeenCalledExactlyOnceWith('Hello');
	});

	test('while an answer is streaming it stops instead, and keeps what is being written', async () => {
		const { message, onsend, onstop } = await setup({ streaming: true });
		await message.fill('next question');
		await userEvent.keyboard('{Enter}');
		expect(onsend).not.toHaveBeenCalled();
		await expect.element(message).toHaveValue('next question');
		await page.getByRole('button', { name: 'Stop' }).click();
		expect(onstop).toHaveBeenCalledOnce();
		expect(page.getByRole('button', { name: 'Send' }).query()).toBeNull();
	});

	test('grows with its text', async () => {
		const { message } = await setup();
		const before = message.element().getBoundingClientRect().height;
		await message.fill('one\ntwo\nthree\nfour');
		expect(message.element().getBoundingClientRect().height).toBeGreaterThan(before * 2);
	});

	test('sends nothing while it is disabled, and keeps what is written', async () => {
		const { message, onsend } = await setup({ disabled: true, value: 'Hello' });
		await message.fill('Hello there');
		await userEvent.keyboard('{Enter}');
		await expect.element(message).toHaveValue('Hello there');
		await expect.element(page.getByRole('button', { name: 'Send' })).toBeDisabled();
		expect(onsend).not.toHaveBeenCalled();
	});

	test('takes the focus from its button when that goes away', async () => {
		const { message } = await setup({ value: 'Hello' });
		page.getByRole('button', { name: 'Send' }).element().focus();
		await userEvent.keyboard('{Enter}');
		await expect.element(message).toHaveFocus();
	});
});
