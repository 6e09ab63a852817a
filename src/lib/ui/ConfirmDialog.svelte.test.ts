import { createRawSnippet } from 'svelte';
import { describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import ConfirmDialog from './ConfirmDialog.svelte';

const dialog = page.getByRole('alertdialog', { name: 'Delete “Trip to Oslo”?' });

async function setup() {
	const onconfirm = vi.fn<() => void>();
	const oncancel = vi.fn<() => void>();
	await render(ConfirmDialog, {
		open: true,
		title: 'Delete “Trip to Oslo”?',
		confirmLabel: 'Delete',
		danger: true,
		onconfirm,
		oncancel,
		children: createRawSnippet(() => ({ render: () => '<span>It cannot be undone.</span>' }))
	});
	await expect.element(dialog).toBeVisible();
	return { onconfirm, oncancel };
}

describe('ConfirmDialog', () => {
	test('asks with a name and says what will happen', async () => {
		await setup();
		await expect.element(dialog).toHaveAccessibleDescription('It cannot be undone.');
	});

	test('confirms, closes, and is not taken for a cancel', async () => {
		const { onconfirm, oncancel } = await setup();
		await dialog.getByRole('button', { name: 'Delete' }).click();
		expect(onconfirm).toHaveBeenCalledOnce();
		await expect.poll(() => dialog.query()).toBeNull();
		expect(oncancel).not.toHaveBeenCalled();
	});

	test('cancels with its button', async () => {
		const { onconfirm, oncancel } = await setup();
		await dialog.getByRole('button', { name: 'Cancel' }).click();
		await expect.poll(() => dialog.query()).toBeNull();
		expect(oncancel).toHaveBeenCalledOnce();
		expect(onconfirm).not.toHaveBeenCalled();
	});

	test('cancels with Escape', async () => {
		const { onconfirm, oncancel } = await setup();
		await userEvent.keyboard('{Escape}');
		await expect.poll(() => dialog.query()).toBeNull();
		expect(oncancel).toHaveBeenCalledOnce();
		expect(onconfirm).not.toHaveBeenCalled();
	});

	test('keeps the focus inside', async () => {
		await setup();
		for (let presses = 0; presses < 4; presses++) {
			await userEvent.tab();
			expect(dialog.element().contains(document.activeElement)).toBe(true);
		}
	});
});
