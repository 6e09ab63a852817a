import { describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import ConversationList from './ConversationList.svelte';

const chats = page.getByRole('navigation', { name: 'Chats' });

async function setup() {
	const onnew = vi.fn<() => void>();
	const onrename = vi.fn<(id: string, title: string) => void>();
	const ondelete = vi.fn<(id: string) => void>();
	await render(ConversationList, {
		conversations: [
			{ id: 'a', title: 'Pets' },
			{ id: 'b', title: 'Oslo' }
		],
		current: 'b',
		href: (id: string) => `/?chat=${id}`,
		onnew,
		onrename,
		ondelete
	});
	return { onnew, onrename, ondelete };
}

async function choose(what: 'Rename' | 'Delete'): Promise<void> {
	await chats.getByRole('button', { name: `${what} Oslo` }).click();
}

describe('ConversationList', () => {
	test('links to every chat and marks the one that is open', async () => {
		const { onnew } = await setup();
		await expect
			.element(chats.getByRole('link', { name: 'Pets' }))
			.toHaveAttribute('href', '/?chat=a');
		await expect
			.element(chats.getByRole('link', { name: 'Oslo' }))
			.toHaveAttribute('aria-current', 'page');
		await chats.getByRole('button', { name: 'New chat' }).click();
		expect(onnew).toHaveBeenCalledOnce();
	});

	test('renames in place', async () => {
		const { onrename } = await setup();
		await choose('Rename');
		const title = chats.getByRole('textbox', { name: 'Title of the chat' });
		await title.fill('Trip to Oslo');
		await userEvent.keyboard('{Enter}');
		expect(onrename).toHaveBeenCalledExactlyOnceWith('b', 'Trip to Oslo');
	});

	test('leaves the focus on the chat that was renamed with the keyboard', async () => {
		await setup();
		for (const key of ['{Enter}', '{Escape}']) {
			await choose('Rename');
			await expect.element(chats.getByRole('textbox')).toHaveFocus();
			await userEvent.keyboard(key);
			await expect.element(chats.getByRole('link', { name: 'Oslo' })).toHaveFocus();
		}
	});

	test('offers the buttons of every chat to the keyboard', async () => {
		await setup();
		chats.getByRole('link', { name: 'Pets' }).element().focus();
		await userEvent.keyboard('{Tab}');
		const rename = chats.getByRole('button', { name: 'Rename Pets' });
		await expect.element(rename).toHaveFocus();
		expect(rename.element().parentElement?.clientWidth).toBeGreaterThan(60);
	});

	test('keeps the title on Escape and when nothing is left of it', async () => {
		const { onrename } = await setup();
		await choose('Rename');
		const title = chats.getByRole('textbox', { name: 'Title of the chat' });
		await title.fill('Bergen');
		await userEvent.keyboard('{Escape}');
		await choose('Rename');
		await title.fill('  ');
		await userEvent.keyboard('{Enter}');
		await expect.element(chats.getByRole('link', { name: 'Oslo' })).toBeVisible();
		expect(onrename).not.toHaveBeenCalled();
	});

	test('deletes only after asking', async () => {
		const { ondelete } = await setup();
		await choose('Delete');
		const dialog = page.getByRole('alertdialog', { name: 'Delete “Oslo”?' });
		expect(ondelete).not.toHaveBeenCalled();
		await dialog.getByRole('button', { name: 'Delete' }).click();
		expect(ondelete).toHaveBeenCalledExactlyOnceWith('b');
		await expect.element(chats.getByRole('button', { name: 'New chat' })).toHaveFocus();
	});

	test('deletes nothing when the question is answered with Cancel', async () => {
		const { ondelete } = await setup();
		await choose('Delete');
		await page.getByRole('button', { name: 'Cancel' }).click();
		await expect.poll(() => page.getByRole('alertdialog').query()).toBeNull();
		await expect.element(chats.getByRole('button', { name: 'Delete Oslo' })).toHaveFocus();
		expect(ondelete).not.toHaveBeenCalled();
	});
});
