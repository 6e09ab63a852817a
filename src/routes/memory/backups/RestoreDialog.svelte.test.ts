import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { RestorePreview } from '$lib/app/backups.ts';
import type { ModelId, PlanId } from '$lib/core/ids.ts';
import RestoreDialog from './RestoreDialog.svelte';

const dialog = page.getByRole('dialog', { name: 'Restore this backup?' });

async function show(parts: Partial<RestorePreview>, mayAct = true) {
	const called = { onrestore: vi.fn(), onundo: vi.fn(), onclose: vi.fn() };
	const preview: RestorePreview = {
		...{ id: 'plan' as PlanId, takenAt: Date.UTC(2026, 4, 3, 12) },
		...{ changes: [], lost: [], setup: { type: 'same' } },
		...parts
	};
	await render(RestoreDialog, { preview, mayAct, ...called });
	await expect.element(dialog).toBeVisible();
	return called;
}

const buttons = () =>
	dialog
		.getByRole('button')
		.elements()
		.map((button) => button.textContent.trim())
		.filter((name) => name !== '');

const back: RestorePreview['setup'] = {
	type: 'upgrade',
	choose: { chat: 'old' as ModelId, embedding: null },
	changes: ['Chat engine: NEW → OLD'],
	missing: []
};

test('says exactly which settings change, and that they are backed up first', async () => {
	const { onrestore } = await show({ changes: ['Appearance: dark → light'] });
	await expect.element(dialog).toMatchTextContent('Appearance: dark → light');
	await expect.element(dialog).toMatchTextContent('backed up first');
	await expect.element(dialog).toMatchTextContent('Documents, chats and indexes');
	await dialog.getByRole('button', { name: 'Restore settings' }).click();
	expect(onrestore).toHaveBeenCalledOnce();
});

test('where nothing differs there is nothing to do but close it', async () => {
	const { onclose } = await show({});
	expect(buttons()).toEqual(['Close']);
	await userEvent.keyboard('{Escape}');
	expect(onclose).toHaveBeenCalledOnce();
});

test('leads to the wizard for the engines, and says that it does', async () => {
	const { onrestore } = await show({ setup: back });
	await expect.element(dialog).toMatchTextContent('Chat engine: NEW → OLD');
	await expect.element(dialog).toMatchTextContent('Nothing differs.');
	expect(buttons()).toEqual(['Cancel', 'Open the wizard']);
	await dialog.getByRole('button', { name: 'Open the wizard' }).click();
	expect(onrestore).toHaveBeenCalledOnce();
});

test('does both where both differ', async () => {
	await show({ changes: ['Appearance: dark → light'], setup: back });
	expect(buttons()).toEqual(['Cancel', 'Restore settings and open the wizard']);
});

test('says what is gone, and offers nothing that cannot be done', async () => {
	const missing = ['Chat engine: GONE is neither on this device nor in the catalog any more.'];
	await show({ setup: { ...back, changes: [], missing } });
	await expect.element(dialog).toMatchTextContent('GONE is neither on this device');
	expect(buttons()).toEqual(['Close']);
});

test('offers Undo where the backup is that of the trial', async () => {
	const { onundo } = await show({ setup: { type: 'undo' } });
	expect(buttons()).toEqual(['Cancel', 'Undo the upgrade']);
	await dialog.getByRole('button', { name: 'Undo the upgrade' }).click();
	expect(onundo).toHaveBeenCalledOnce();
});

test('asks to finish another upgrade first', async () => {
	await show({ setup: { type: 'busy' } });
	await expect.element(dialog).toMatchTextContent('Keep or undo it first');
	expect(buttons()).toEqual(['Close']);
});

test('a tab that follows can look, and not act', async () => {
	await show({ changes: ['Appearance: dark → light'], setup: { type: 'undo' } }, false);
	await expect.element(dialog.getByRole('button', { name: 'Restore settings' })).toBeDisabled();
	await expect.element(dialog.getByRole('button', { name: 'Undo the upgrade' })).toBeDisabled();
});

test('names what cannot be put back', async () => {
	const lost = ['The adapter “lawyer” cannot be put back.'];
	await show({ lost });
	await expect.element(dialog).toMatchTextContent('“lawyer” cannot be put back');
	await expect.element(dialog).not.toMatchTextContent('Nothing differs');
});
