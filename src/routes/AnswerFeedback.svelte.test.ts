import { beforeEach, describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { AppMessage } from '../lib/app/app-message.ts';
import { ChangeFeed } from '../lib/app/change-feed.ts';
import { PreferencesView } from '../lib/app/views/preferences-view.svelte.ts';
import type { MessageRow } from '../lib/chat/chat-records.ts';
import { preferenceStore } from '../lib/chat/preferences/preference-records.ts';
import { AppError } from '../lib/core/errors.ts';
import { turnOf } from '../lib/testing/judged-answers.ts';
import { ManualClock } from '../lib/testing/manual-clock.ts';
import { MemoryRecordStore } from '../lib/testing/memory-record-store.ts';
import { MemoryTabHub } from '../lib/testing/memory-tab-channel.ts';
import AnswerFeedback from './AnswerFeedback.svelte';

const [question, answer] = turnOf(0, 'What do bees eat?', 'Honey.');
const good = page.getByRole('button', { name: 'Good answer' });
const bad = page.getByRole('button', { name: 'Bad answer' });
const rewrite = page.getByRole('button', { name: 'Rewrite answer' });
const status = page.getByRole('status');
let records: MemoryRecordStore;

beforeEach(() => {
	records = new MemoryRecordStore();
});

/** Resolves with the way to show the message as it is read from the store again. */
async function show(message: MessageRow = answer, leads = true): Promise<() => Promise<void>> {
	const feed = new ChangeFeed(new MemoryTabHub<AppMessage>().join());
	const clock = new ManualClock();
	const preferences = new PreferencesView({ records, clock, feed, leads: () => leads });
	const { rerender } = await render(AnswerFeedback, { message, before: [question], preferences });
	return () => rerender({ message: { ...message } });
}

describe('a thumb', () => {
	test('is pressed, and said once', async () => {
		await show();
		await expect.element(good).toHaveAttribute('aria-pressed', 'false');
		await good.click();
		await expect.element(good).toHaveAttribute('aria-pressed', 'true');
		await expect.element(status).toHaveTextContent('Saved as good.');
		await expect.element(page.getByRole('link', { name: 'Review in the Tuner' })).toBeVisible();
	});

	test('is taken back when it is pressed again', async () => {
		await show();
		await bad.click();
		await expect.element(status).toHaveTextContent('Saved as bad.');
		await bad.click();
		await expect.element(status).toHaveTextContent('Judgement taken back.');
		await expect.element(bad).toHaveAttribute('aria-pressed', 'false');
		expect(await records.count(preferenceStore)).toBe(0);
	});

	test('says why it could not be kept', async () => {
		await show();
		const full = new AppError('storage/quota');
		vi.spyOn(records, 'commit').mockRejectedValueOnce(full);
		await good.click();
		await expect
			.poll(() => status.element().textContent)
			.toContain(`Not saved. ${full.message} Free space`);
		await expect.element(good).toHaveAttribute('aria-pressed', 'false');
	});

	test('waits for the tab that may write', async () => {
		await show(answer, false);
		for (const button of [good, bad, rewrite]) await expect.element(button).toBeDisabled();
	});

	test('is not offered for what is no finished answer', async () => {
		await show({ ...answer, state: 'stopped' });
		expect(good.query()).toBeNull();
	});
});

describe('a rewrite', () => {
	const dialog = page.getByRole('dialog', { name: 'Rewrite answer' });
	const text = dialog.getByRole('textbox', { name: 'Your answer' });
	const save = dialog.getByRole('button', { name: 'Save rewrite' });

	test('begins with the answer, and is kept with the keyboard alone', async () => {
		await show();
		rewrite.element().focus();
		await userEvent.keyboard('{Enter}');
		await expect.element(text).toHaveValue('Honey.');
		await expect.element(save).toBeDisabled();
		await text.fill('Nectar and pollen.');
		save.element().focus();
		await userEvent.keyboard('{Enter}');
		await expect.element(status).toHaveTextContent('Rewrite saved.');
		await expect.element(rewrite).toHaveAttribute('aria-pressed', 'true');
		await expect.element(rewrite).toHaveFocus();
		expect(await records.list(preferenceStore)).toMatchObject([
			{ chosen: 'Nectar and pollen.', rejected: 'Honey.' }
		]);
	});

	test('goes on where it was, and can be taken back', async () => {
		await show();
		await rewrite.click();
		await text.fill('Nectar.');
		await save.click();
		await rewrite.click();
		await expect.element(text).toHaveValue('Nectar.');
		await dialog.getByRole('button', { name: 'Take the rewrite back' }).click();
		await expect.element(rewrite).toHaveAttribute('aria-pressed', 'false');
		expect(await records.count(preferenceStore)).toBe(0);
	});

	test('is not lost where the chat is read anew meanwhile', async () => {
		const readAnew = await show();
		await rewrite.click();
		await text.fill('Nectar.');
		await readAnew();
		await expect.element(text).toHaveValue('Nectar.');
	});

	test('is not lost to a thumb without a question', async () => {
		await show();
		await rewrite.click();
		await text.fill('Nectar.');
		await save.click();
		await good.click();
		const asked = page.getByRole('alertdialog', { name: 'Drop what you wrote?' });
		await asked.getByRole('button', { name: 'Cancel' }).click();
		await expect.element(rewrite).toHaveAttribute('aria-pressed', 'true');
		await good.click();
		await asked.getByRole('button', { name: 'Drop it' }).click();
		await expect.element(good).toHaveAttribute('aria-pressed', 'true');
		expect(await records.list(preferenceStore)).toMatchObject([
			{ verdict: 'good', rejected: null }
		]);
	});
});
