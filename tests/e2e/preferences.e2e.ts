import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { z } from 'zod';
import { markdownFile } from './documents.ts';
import { expectAccessible } from './expect-accessible.ts';
import { tabAndPress, tabTo } from './keyboard.ts';
import { buttonOf, download, modelOf, openLibrary } from './library-steps.ts';
import { expect, test } from './profile.ts';
import { addDocuments, ask } from './steps.ts';

const message = z.strictObject({
	role: z.enum(['system', 'user', 'assistant']),
	content: z.string().min(1)
});
const answered = z.tuple([
	z.strictObject({ role: z.literal('assistant'), content: z.string().min(1) })
]);
const example = z.strictObject({
	prompt: z.array(message).min(1),
	chosen: answered,
	rejected: answered
});

const lastAnswer = (page: Page): Locator => page.getByRole('article', { name: 'Assistant' }).last();
const list = (page: Page): Locator => page.getByRole('list', { name: 'Preferences' });
const rewriteDialog = (page: Page): Locator => page.getByRole('dialog', { name: 'Rewrite answer' });

async function openTuner(page: Page): Promise<void> {
	await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Tuner' }).click();
	await expect(page.getByRole('heading', { name: 'Preferences', exact: true })).toBeVisible();
}

/** The lines of the file, each checked. */
async function exported(page: Page): Promise<z.infer<typeof example>[]> {
	const saving = page.waitForEvent('download');
	await page.getByRole('button', { name: 'Export JSONL' }).click();
	const file = await saving;
	expect(file.suggestedFilename()).toMatch(/^sam-preferences-\d{4}-\d\d-\d\d\.jsonl$/);
	const text = readFileSync(await file.path(), 'utf8');
	expect(text.endsWith('\n')).toBe(true);
	return text
		.slice(0, -1)
		.split('\n')
		.map((line) => example.parse(JSON.parse(line)));
}

async function rewrite(page: Page, text: string): Promise<void> {
	await lastAnswer(page).getByRole('button', { name: 'Rewrite answer' }).click();
	await rewriteDialog(page).getByRole('textbox', { name: 'Your answer' }).fill(text);
	await rewriteDialog(page).getByRole('button', { name: 'Save rewrite' }).click();
	await expect(lastAnswer(page).getByRole('status')).toHaveText('Rewrite saved.');
}

test('answers are judged, reviewed and exported, and outlive their chat', async ({ profile }) => {
	test.setTimeout(240_000);
	const page = await profile.open('/');
	await addDocuments(page, [markdownFile]);

	await test.step('without any, the Tuner tells how to collect them', async () => {
		await openTuner(page);
		await expect(page.getByText('No preferences yet')).toBeVisible();
	});

	await openLibrary(page);
	await download(modelOf(page, 'Tiny Llama'));
	await ask(page, 'When does swarming begin?');

	await test.step('an answer is rewritten', async () => {
		await rewrite(page, 'Swarming begins in May.');
		await expectAccessible(page, 'An answer that was rewritten');
		await lastAnswer(page).getByRole('button', { name: 'Rewrite answer' }).click();
		await expect(rewriteDialog(page).getByRole('textbox')).toHaveValue('Swarming begins in May.');
		await expectAccessible(page, 'The dialog for a rewrite');
		await page.keyboard.press('Escape');
	});

	await test.step('two engines answer the same question: one is better', async () => {
		await page.getByRole('button', { name: 'New chat' }).click();
		await ask(page, 'What do bees eat in winter?');
		await lastAnswer(page).getByRole('button', { name: 'Good answer' }).click();
		await expect(lastAnswer(page).getByRole('status')).toHaveText('Saved as good.');
		await page.getByRole('button', { name: 'New chat' }).click();
		await page.getByRole('button', { name: /^Engine for this chat: / }).click();
		await page.getByRole('menuitemradio', { name: 'Tiny Llama', exact: true }).click();
		await page.getByRole('textbox', { name: 'Message' }).fill('What do bees eat in winter?');
		await page.getByRole('button', { name: 'Send' }).click();
		await expect(lastAnswer(page)).toContainText('Written by Tiny Llama.', { timeout: 60_000 });
		await lastAnswer(page).getByRole('button', { name: 'Bad answer' }).click();
		await expect(lastAnswer(page).getByRole('status')).toHaveText('Saved as bad.');
	});

	await test.step('and a third is good alone', async () => {
		await page.getByRole('button', { name: 'New chat' }).click();
		await ask(page, 'Who keeps the hives?');
		await lastAnswer(page).getByRole('button', { name: 'Good answer' }).click();
		await expect(lastAnswer(page).getByRole('status')).toHaveText('Saved as good.');
	});

	await test.step('a reload and the end of the chats change nothing', async () => {
		await page.reload();
		const button = lastAnswer(page).getByRole('button', { name: 'Good answer' });
		await expect(button).toHaveAttribute('aria-pressed', 'true');
		const chats = page.getByRole('navigation', { name: 'Chats' });
		await chats.getByRole('button', { name: /^Delete .*Who keeps the hives/ }).click();
		await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
		await expect(chats.getByRole('link', { name: 'Who keeps the hives?' })).toHaveCount(0);
	});

	await test.step('the Tuner lists what is there, and what is missing', async () => {
		await openTuner(page);
		await expect(page.getByText('2 pairs ready.')).toBeVisible();
		await expect(page.getByText(/^These pairs come from 2 engines: /)).toBeVisible();
		await expect(list(page).getByRole('listitem')).toHaveCount(4);
		await expectAccessible(page, 'Preferences in the Tuner');
		await page.getByRole('radio', { name: 'Needs an answer' }).check({ force: true });
		await expect(list(page).getByRole('listitem')).toHaveCount(1);
		await expect(list(page)).toContainText('Who keeps the hives?');
	});

	await test.step('the missing answer is written', async () => {
		await list(page).getByRole('button', { name: 'Edit' }).click();
		const dialog = page.getByRole('dialog', { name: 'Edit preference' });
		await expectAccessible(page, 'The dialog of a preference');
		await dialog.getByRole('textbox', { name: /^Rejected/ }).fill('Nobody does.');
		await dialog.getByRole('button', { name: 'Save' }).click();
		await expect(page.getByText('3 pairs ready.')).toBeVisible();
		await page.getByRole('radio', { name: 'All' }).check({ force: true });
	});

	await test.step('what is removed can be put back', async () => {
		const item = list(page).getByRole('listitem').filter({ hasText: 'Who keeps the hives?' });
		await item.getByRole('button', { name: 'Remove' }).click();
		await expect(item).toHaveCount(0);
		await page.getByRole('button', { name: 'Undo' }).click();
		await expect(item).toHaveCount(1);
	});

	await test.step('the file holds a pair in each line, and nothing of the documents', async () => {
		const lines = await exported(page);
		expect(lines).toHaveLength(3);
		expect(lines[0]).toMatchObject({
			prompt: [{ role: 'user', content: 'When does swarming begin?' }],
			chosen: [{ content: 'Swarming begins in May.' }]
		});
		expect(lines.map(({ prompt }) => prompt.length)).toEqual([1, 1, 1]);
		expect(lines.map(({ rejected: [{ content }] }) => content)).toContain('Nobody does.');
	});

	await test.step('or each judgement by itself', async () => {
		await page.getByRole('radio', { name: 'Single judgements' }).check({ force: true });
		await expect(page.getByText(/^6 judgements, /)).toBeVisible();
		await page.getByRole('radio', { name: 'Pairs' }).check({ force: true });
	});

	await test.step('but passages where they are wanted, of one engine, without what only quotes', async () => {
		await page.getByRole('checkbox', { name: /^Include the passages/ }).check();
		const [first] = await exported(page);
		expect(first?.prompt.map(({ role }) => role)).toEqual(['system', 'user']);
		expect(first?.prompt[1]?.content).toContain('beekeeping-notes.md');
		await page.getByRole('combobox', { name: 'Engine' }).selectOption({ label: 'Tiny Llama (1)' });
		expect(await exported(page)).toHaveLength(1);
		await page.getByRole('checkbox', { name: /only quote/ }).uncheck();
		await expect(page.getByRole('button', { name: 'Export JSONL' })).toBeDisabled();
	});

	await test.step('they outlive the engine', async () => {
		await openLibrary(page);
		await buttonOf(modelOf(page, 'Tiny Llama'), 'Delete').click();
		await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
		await openTuner(page);
		await expect(page.getByText('3 pairs ready.')).toBeVisible();
	});
});

test('answers are judged with the keyboard alone, on a phone', async ({ profile }) => {
	const page = await profile.open('/');
	await addDocuments(page, [markdownFile]);
	await ask(page, 'When does swarming begin?');
	await page.setViewportSize({ width: 390, height: 844 });
	const button = (name: string): Locator => lastAnswer(page).getByRole('button', { name });
	await page.getByRole('textbox', { name: 'Message' }).focus();
	await tabTo(page, button('Rewrite answer'), 'Shift+Tab');
	await page.keyboard.press('Enter');
	await expect(rewriteDialog(page)).toBeVisible();
	await tabTo(page, rewriteDialog(page).getByRole('textbox'));
	await page.keyboard.press('Control+A');
	await page.keyboard.type('In May.');
	await tabAndPress(page, rewriteDialog(page).getByRole('button', { name: 'Save rewrite' }));
	await expect(button('Rewrite answer')).toBeFocused();
	await expect(button('Rewrite answer')).toHaveAttribute('aria-pressed', 'true');
	await tabAndPress(page, lastAnswer(page).getByRole('link', { name: 'Review in the Tuner' }));
	await expect(list(page)).toContainText('In May.');
	await tabAndPress(page, list(page).getByRole('button', { name: 'Remove' }));
	await expect(list(page)).toBeFocused();
	await tabTo(page, page.getByRole('button', { name: 'Undo' }), 'Shift+Tab');
	await page.keyboard.press('Enter');
	await expect(page.getByText('1 pair ready.')).toBeVisible();
});
