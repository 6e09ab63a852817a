import { beforeEach, describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { AppMessage } from '../../lib/app/app-message.ts';
import { ChangeFeed } from '../../lib/app/change-feed.ts';
import { PreferencesView } from '../../lib/app/views/preferences-view.svelte.ts';
import {
	preferenceStore,
	type PreferenceRow
} from '../../lib/chat/preferences/preference-records.ts';
import type { AdapterId } from '../../lib/core/ids.ts';
import { write } from '../../lib/ports/store-write.ts';
import { engineNamed, preferenceRow } from '../../lib/testing/judged-answers.ts';
import { ManualClock } from '../../lib/testing/manual-clock.ts';
import { MemoryRecordStore } from '../../lib/testing/memory-record-store.ts';
import { MemoryTabHub } from '../../lib/testing/memory-tab-channel.ts';
import PreferencesExport from './PreferencesExport.svelte';
import PreferencesList from './PreferencesList.svelte';

const list = page.getByRole('list', { name: 'Preferences' });
const items = list.getByRole('listitem');
let records: MemoryRecordStore;

beforeEach(() => {
	records = new MemoryRecordStore();
});

async function viewOf(rows: readonly PreferenceRow[], leads = true): Promise<PreferencesView> {
	await records.commit(rows.map((row) => write.put(preferenceStore, row)));
	const feed = new ChangeFeed(new MemoryTabHub<AppMessage>().join());
	const clock = new ManualClock();
	const preferences = new PreferencesView({ records, clock, feed, leads: () => leads });
	await preferences.read();
	return preferences;
}

async function show(rows: readonly PreferenceRow[], leads = true): Promise<void> {
	await render(PreferencesList, { preferences: await viewOf(rows, leads), now: 60_000 });
}

const whole = preferenceRow('a', {
	...{ chosen: 'Nectar.', rejected: 'Honey.', verdict: 'rewritten' },
	...{ engine: engineNamed('Llama'), adapters: ['0123456789' as AdapterId] }
});
const half = preferenceRow('b', {
	prompt: [
		{ role: 'user', content: 'Who?' },
		{ role: 'assistant', content: 'Bees.' },
		{ role: 'user', content: 'Eat what?' }
	],
	rejected: 'Wax.',
	extractive: true
});

describe('the list of preferences', () => {
	test('tells both answers, and where they are from', async () => {
		await show([whole]);
		for (const words of ['What is it?', 'Nectar.', 'Honey.', 'Llama', '1 minute ago']) {
			await expect.element(items.getByText(words)).toBeVisible();
		}
		await expect.element(items.getByText('with 01234567…')).toBeVisible();
	});

	test('tells what is missing, and what only quotes', async () => {
		await show([half]);
		for (const words of ['Missing', 'needs an answer', 'quotes only', 'Wax.']) {
			await expect.element(items.getByText(words)).toBeVisible();
		}
		await expect.element(items.getByText('After an earlier question of its chat.')).toBeVisible();
	});

	test('shows those alone that need an answer', async () => {
		await show([whole, half]);
		await expect.poll(() => items.elements().length).toBe(2);
		await page.getByText('Needs an answer', { exact: true }).click();
		await expect.poll(() => items.elements().length).toBe(1);
		await expect.element(items).toHaveAccessibleName('Eat what?');
	});

	test('warns of two answers that are the same, and saves what was edited', async () => {
		await show([half]);
		await items.getByRole('button', { name: 'Edit' }).click();
		const dialog = page.getByRole('dialog', { name: 'Edit preference' });
		const chosen = dialog.getByRole('textbox', { name: /^Chosen/ });
		await chosen.fill('Wax.');
		await expect.element(dialog.getByText(/^Both answers are the same/)).toBeVisible();
		await chosen.fill('Nectar.');
		await dialog.getByRole('button', { name: 'Save' }).click();
		await expect.element(items.getByText('Nectar.')).toBeVisible();
		expect(await records.list(preferenceStore)).toMatchObject([
			{ chosen: 'Nectar.', rejected: 'Wax.' }
		]);
	});

	test('keeps the place of the keyboard when one is removed, and puts it back', async () => {
		await show([whole]);
		await items.getByRole('button', { name: 'Remove' }).click();
		await expect.element(page.getByText('None is left.')).toBeVisible();
		await expect.element(list).toHaveFocus();
		await page.getByRole('button', { name: 'Undo' }).click();
		await expect.element(items.getByText('Nectar.')).toBeVisible();
	});

	test('draws a long one piece by piece', async () => {
		const rows = Array.from({ length: 30 }, (_, i) => preferenceRow(`r${i}`, { chosen: 'x' }));
		await show(rows);
		await expect.poll(() => items.elements().length).toBe(25);
		await page.getByRole('button', { name: 'Show more (5)' }).click();
		await expect.poll(() => items.elements().length).toBe(30);
	});

	test('is read-only in a tab that follows', async () => {
		await show([whole], false);
		await expect.element(items.getByRole('button', { name: 'Edit' })).toBeDisabled();
		await expect.element(items.getByRole('button', { name: 'Remove' })).toBeDisabled();
	});
});

describe('the export of preferences', () => {
	const button = page.getByRole('button', { name: 'Export JSONL' });

	test('says how much there is, and offers nothing where nothing is', async () => {
		await render(PreferencesExport, { preferences: await viewOf([half]), now: 0 });
		await expect.element(page.getByText('0 pairs, 0 B')).toBeVisible();
		await expect.element(button).toBeDisabled();
		await page.getByText('Single judgements').click();
		await expect.element(page.getByText(/^1 judgement, \d+ B$/)).toBeVisible();
		await expect.element(button).toBeEnabled();
	});

	test('warns before passages of documents go along', async () => {
		await render(PreferencesExport, { preferences: await viewOf([whole]), now: 0 });
		await page.getByRole('checkbox', { name: /^Include the passages/ }).click();
		await expect
			.element(page.getByText(/^The file will hold text of your documents/))
			.toBeVisible();
	});
});
