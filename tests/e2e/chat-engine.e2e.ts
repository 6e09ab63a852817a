import type { Locator, Page } from '@playwright/test';
import { markdownFile } from './documents.ts';
import { expectAccessible } from './expect-accessible.ts';
import { tabAndPress, tabTo } from './keyboard.ts';
import { buttonOf, download, modelOf, openLibrary } from './library-steps.ts';
import { expect, test } from './profile.ts';
import { addDocuments, ask } from './steps.ts';

const again = "Use the setup's engine again";

const engineButton = (page: Page): Locator =>
	page.getByRole('button', { name: /^Engine for this chat: / });
const lastAnswer = (page: Page): Locator => page.getByRole('article', { name: 'Assistant' }).last();

async function openChats(page: Page): Promise<void> {
	await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Chat' }).click();
}

async function tryEngine(page: Page, name: string): Promise<void> {
	await engineButton(page).click();
	await page.getByRole('menuitemradio', { name, exact: true }).click();
	await expect(engineButton(page)).toHaveAccessibleName(`Engine for this chat: ${name}`);
}

/** In the chat that is open: `ask` begins a new one. */
async function askHere(page: Page, question: string): Promise<void> {
	await page.getByRole('textbox', { name: 'Message' }).fill(question);
	await page.getByRole('button', { name: 'Send' }).click();
	await expect(page.getByRole('article', { name: 'You' }).last()).toContainText(question);
	await expect(page.getByRole('log', { name: 'Conversation' })).toHaveAttribute(
		'aria-busy',
		'false',
		{ timeout: 60_000 }
	);
}

test('one chat tries another engine, and nothing else changes', async ({ profile }) => {
	test.setTimeout(240_000);
	const page = await profile.open('/');
	const chats = page.getByRole('navigation', { name: 'Chats' });
	const status = page.getByRole('status', { name: 'Engine' });
	await addDocuments(page, [markdownFile]);
	await openLibrary(page);
	await download(modelOf(page, 'Tiny Llama'));
	await ask(page, 'When does swarming begin?');
	await expect(lastAnswer(page)).toContainText('Starter 1');

	await test.step('the engine is chosen before the first question', async () => {
		await page.getByRole('button', { name: 'New chat' }).click();
		await expect(engineButton(page)).toHaveAccessibleName('Engine for this chat: Starter 1');
		await tryEngine(page, 'Tiny Llama');
		await expect(
			page.getByText('Tiny Llama answers in this chat; Starter 1 in all others.')
		).toBeVisible();
		await askHere(page, 'What do bees eat in winter?');
		await expect(lastAnswer(page)).toContainText('Written by Tiny Llama.');
	});

	await test.step('the details tell how fast it was, and how much of a prompt it still knew', async () => {
		await lastAnswer(page).getByText('Details').click();
		const details = lastAnswer(page).getByRole('group').filter({ hasText: 'Details' });
		for (const words of ['tokens/s', 'First token', 'Transformers.js', 'on the processor']) {
			await expect(details).toContainText(words);
		}
		await askHere(page, 'And in spring?');
		await expect(lastAnswer(page)).toContainText('Written by Tiny Llama.');
		await lastAnswer(page).getByText('Details').click();
		await expect(lastAnswer(page).getByRole('group').filter({ hasText: 'Details' })).toContainText(
			'of them still known'
		);
		await expectAccessible(page, 'A chat that tries an engine, with details');
		await engineButton(page).click();
		await expect(
			page.getByRole('menuitemradio', { name: 'Tiny Llama', exact: true })
		).toBeChecked();
		await expectAccessible(page, 'The menu of engines');
		await page.keyboard.press('Escape');
		await expect(engineButton(page)).toBeFocused();
	});

	await test.step('the setup is as it was, and so is the other chat', async () => {
		await expect(status).toContainText('Starter 1');
		await chats.getByRole('link', { name: 'When does swarming begin?' }).click();
		await expect(engineButton(page)).toHaveAccessibleName('Engine for this chat: Starter 1');
		await expect(page.getByRole('button', { name: again })).toHaveCount(0);
		await askHere(page, 'What do bees eat in winter?');
		await expect(lastAnswer(page)).toContainText('Extractive: Starter 1');
	});

	await test.step('a reload keeps the choice', async () => {
		await chats.getByRole('link', { name: 'What do bees eat in winter?' }).click();
		// The reload must not come before the chat is open.
		await expect(engineButton(page)).toHaveAccessibleName('Engine for this chat: Tiny Llama');
		await page.reload();
		await expect(engineButton(page)).toHaveAccessibleName('Engine for this chat: Tiny Llama');
		await askHere(page, 'And in summer?');
		await expect(lastAnswer(page)).toContainText('Written by Tiny Llama.');
	});

	await test.step('when the model is deleted, the setup answers and says why', async () => {
		await openLibrary(page);
		await buttonOf(modelOf(page, 'Tiny Llama'), 'Delete').click();
		await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
		await expect(page.getByText('Tiny Llama is deleted')).toBeVisible();
		await openChats(page);
		await chats.getByRole('link', { name: 'What do bees eat in winter?' }).click();
		await expect(
			page.getByText('Tiny Llama is not on this device any more: Starter 1 answers here.')
		).toBeVisible();
		await askHere(page, 'When does swarming begin?');
		await expect(lastAnswer(page)).toContainText('Extractive: Starter 1');
		await expect(lastAnswer(page)).toContainText(/Tiny Llama .*Starter 1/);
		await expect(page.getByRole('article', { name: 'You' })).toHaveCount(4);
	});

	await test.step('the way back is one button', async () => {
		await page.getByRole('button', { name: again }).click();
		await expect(page.getByRole('button', { name: again })).toHaveCount(0);
		await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();
		await expect(engineButton(page)).toHaveAccessibleName('Engine for this chat: Starter 1');
	});
});

test('the engine of a chat is chosen, and its details are read, without a mouse', async ({
	profile
}) => {
	const page = await profile.open('/');
	await addDocuments(page, [markdownFile]);
	await openChats(page);
	await expect(engineButton(page)).toBeEnabled();
	await tabTo(page, page.getByRole('textbox', { name: 'Message' }));
	await tabAndPress(page, engineButton(page));
	const starter2 = page.getByRole('menuitemradio', { name: 'Starter 2', exact: true });
	await expect(starter2).toBeVisible();
	for (let presses = 0; presses < 6; presses += 1) {
		if (await starter2.evaluate((element) => element === document.activeElement)) break;
		await page.keyboard.press('ArrowDown');
	}
	await expect(starter2).toBeFocused();
	await page.keyboard.press('Enter');
	await expect(engineButton(page)).toBeFocused();
	await expect(engineButton(page)).toHaveAccessibleName('Engine for this chat: Starter 2');

	await tabTo(page, page.getByRole('textbox', { name: 'Message' }), 'Shift+Tab');
	await page.keyboard.type('When does swarming begin?');
	await page.keyboard.press('Enter');
	await expect(lastAnswer(page)).toContainText('Starter 2');
	const details = lastAnswer(page).getByRole('group').filter({ hasText: 'Details' });
	await tabTo(page, details.locator('summary'), 'Shift+Tab');
	await page.keyboard.press('Enter');
	await expect(details).toContainText('on the processor');

	await tabAndPress(page, page.getByRole('button', { name: again }));
	await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();
});
