import { describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { ModelId } from '$lib/core/ids.ts';
import { frozenModelOf, listingOf } from '$lib/testing/listing-of.ts';
import FreeSpaceDialog from './FreeSpaceDialog.svelte';
import ReviewDialog from './ReviewDialog.svelte';

const dialog = page.getByRole('dialog');

describe('what will be downloaded', () => {
	async function show() {
		const called = { onaccept: vi.fn(), ondecline: vi.fn() };
		const model = frozenModelOf(listingOf('Tiny BERT'));
		const screen = await render(ReviewDialog, { model, ...called, focusAfter: () => null });
		await expect.element(dialog).toBeVisible();
		return { ...screen, ...called };
	}

	test('is named with its source, commit, licence, size, and every file', async () => {
		await show();
		await expect.element(dialog).toHaveAccessibleName('What will be downloaded');
		await expect.element(dialog).toMatchTextContent('Tiny BERT: 1 file, 2.0 MB.');
		await expect.element(page.getByRole('link', { name: /tests\/tiny-bert/ })).toBeVisible();
		await expect.element(page.getByRole('link', { name: /Apache-2.0/ })).toBeVisible();
		await expect.element(dialog).toMatchTextContent('0123456789abcdef0123456789abcdef01234567');
		await expect
			.element(page.getByRole('row', { name: /onnx\/model\.onnx/ }))
			.toMatchTextContent('2.0 MB');
	});

	test('is agreed to with Download', async () => {
		const { onaccept, ondecline } = await show();
		await dialog.getByRole('button', { name: 'Download' }).click();
		expect([onaccept.mock.calls.length, ondecline.mock.calls.length]).toEqual([1, 0]);
	});

	test.for(['Cancel', 'Escape'])('is declined with %s', async (how) => {
		const { onaccept, ondecline } = await show();
		if (how === 'Escape') await userEvent.keyboard('{Escape}');
		else await dialog.getByRole('button', { name: how }).click();
		expect([onaccept.mock.calls.length, ondecline.mock.calls.length]).toEqual([0, 1]);
	});

	test('closes when there is nothing to review any more', async () => {
		const { rerender } = await show();
		await rerender({ model: null });
		await expect.poll(() => dialog.query()).toBeNull();
	});
});

describe('free space', () => {
	const wanted = listingOf('Large', {
		state: { at: 'paused', done: 1e9, total: 3e9, damagedBytes: 0, error: null }
	});
	const candidates = [
		listingOf('Old', { freedBytes: 5e8 }),
		listingOf('Older', { freedBytes: 7e8 })
	];

	async function show(props: Partial<Parameters<typeof render<typeof FreeSpaceDialog>>[1]> = {}) {
		const called = { ondelete: vi.fn<(model: ModelId) => void>(), onresume: vi.fn() };
		const screen = await render(FreeSpaceDialog, {
			...{ open: true, wanted, candidates, focusAfter: () => null },
			storage: { usage: 5e9, quota: 6e9, persisted: true },
			...called,
			...props
		});
		await expect.element(dialog).toBeVisible();
		return { ...screen, ...called };
	}

	test('tells what is missing, what is free, and what each model would give back', async () => {
		await show();
		await expect
			.element(page.getByRole('status'))
			.toMatchTextContent('Large needs 2.0 GB more; the browser says that about 1.0 GB are free.');
		const items = page.getByRole('list', { name: 'Models that can be deleted' });
		await expect.element(items).toMatchTextContent(/Old, 500 MB.*Older, 700 MB/);
	});

	test('deletes the model whose button it is, and keeps the focus', async () => {
		const { ondelete, rerender } = await show();
		const first = page.getByRole('button', { name: 'Delete' }).first();
		await expect.element(first).toHaveAccessibleDescription('Old, 500 MB');
		await first.click();
		expect(ondelete).toHaveBeenCalledWith(candidates[0]?.id);
		await rerender({ candidates: candidates.slice(1) });
		await expect.element(page.getByRole('button', { name: 'Delete' })).toHaveFocus();
	});

	test('goes on with the download', async () => {
		const { onresume } = await show();
		await page.getByRole('button', { name: 'Resume' }).click();
		expect(onresume).toHaveBeenCalledOnce();
		await expect.poll(() => dialog.query()).toBeNull();
	});

	test('says so when nothing can be deleted', async () => {
		await show({ candidates: [] });
		await expect.element(dialog).toMatchTextContent('No model can be deleted');
	});
});
