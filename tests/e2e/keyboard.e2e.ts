import type { Locator } from '@playwright/test';
import { markdownFile } from './documents.ts';
import { expectFocusKept, tabAndPress, tabTo } from './keyboard.ts';
import { expect, test } from './profile.ts';

test('an upgrade from the first document to Undo needs no mouse', async ({ profile }) => {
	test.setTimeout(240_000);
	const page = await profile.open('/');
	const main = page.getByRole('main');
	const heading = page.getByRole('heading', { level: 1 });
	const status = page.getByRole('status', { name: 'Engine' });
	const button = (name: string): Locator => main.getByRole('button', { name, exact: true });
	await expect(status).toContainText('ready');

	await test.step('skip the navigation', async () => {
		await page.keyboard.press('Tab');
		await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
		await page.keyboard.press('Enter');
		await expect(main).toBeFocused();
	});

	await test.step('add a document', async () => {
		const chooser = page.waitForEvent('filechooser');
		await tabAndPress(page, main.getByRole('link', { name: 'Add documents' }));
		await expect(heading).toHaveText('Knowledge');
		await tabAndPress(page, button('Add documents'));
		await (await chooser).setFiles([markdownFile]);
		const row = page.getByRole('row').filter({ hasText: markdownFile.name });
		await expect(row).toContainText('ready');
	});

	await test.step('ask, open a source, and close it again', async () => {
		await tabAndPress(
			page,
			page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Chat' })
		);
		const message = page.getByRole('textbox', { name: 'Message' });
		await tabTo(page, message);
		await page.keyboard.type('When does swarming begin?');
		await page.keyboard.press('Enter');
		const answer = page.getByRole('article', { name: 'Assistant' });
		await expect(answer).toContainText('Swarming begins in May.');
		await expect(message).toBeFocused();

		const source = answer.getByRole('link', { name: /^Source 1/ }).first();
		await tabTo(page, source, 'Shift+Tab');
		await page.keyboard.press('Enter');
		const dialog = page.getByRole('dialog');
		await expect(dialog).toContainText('Swarming begins in May.');
		for (let presses = 0; presses < 4; presses += 1) {
			await page.keyboard.press('Tab');
			expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(
				true
			);
		}
		await page.keyboard.press('Escape');
		await expect(dialog).toHaveCount(0);
		await expect(source).toBeFocused();
	});

	await test.step('rename the chat, and think better of deleting it', async () => {
		const chats = page.getByRole('navigation', { name: 'Chats' });
		await tabTo(page, chats.getByRole('button', { name: /^Rename/ }), 'Shift+Tab');
		await page.keyboard.press('Enter');
		await expect(chats.getByRole('textbox')).toBeFocused();
		await page.keyboard.type('Bees');
		await page.keyboard.press('Enter');
		await expect(chats.getByRole('link', { name: 'Bees' })).toBeFocused();
		await tabAndPress(page, chats.getByRole('button', { name: 'Delete Bees' }));
		await expect(page.getByRole('alertdialog')).toBeVisible();
		await page.keyboard.press('Escape');
		await expect(chats.getByRole('button', { name: 'Delete Bees' })).toBeFocused();
	});

	await test.step('through the wizard', async () => {
		await tabAndPress(page, status.getByRole('link'));
		await expect(heading).toHaveText('Core Engines');
		await tabAndPress(page, button('Upgrade engine'));
		await expect(heading).toHaveText('Step 1 of 5: Choose');
		for (const group of ['Chat engine', 'Embedding engine']) {
			const radios = page.getByRole('radiogroup', { name: group });
			await tabTo(page, radios.getByRole('radio', { name: /^Keep current/ }));
			await page.keyboard.press('ArrowDown');
			await expect(radios.getByRole('radio', { name: /^Starter 2/ })).toBeChecked();
		}
		for (const title of ['Step 2 of 5: Options', 'Step 3 of 5: Backup', 'Step 4 of 5: Review']) {
			await tabAndPress(page, button('Next'));
			await expect(heading).toHaveText(title);
			await expect(heading).toBeFocused();
		}
		await tabAndPress(page, button('Back'));
		await expect(heading).toHaveText('Step 3 of 5: Backup');
		await expect(heading).toBeFocused();
		await tabAndPress(page, button('Next'));
		await expect(heading).toHaveText('Step 4 of 5: Review');
		await tabAndPress(page, button('Dry run'));
		await expect(page.getByText('Nothing was stored.')).toBeVisible();
		await expect(button('Dry run')).toBeFocused();
	});

	await test.step('upgrade, and undo it', async () => {
		await tabAndPress(page, button('Start upgrade'));
		await expect(heading).toHaveText('Step 5 of 5: Upgrade');
		await expectFocusKept(page);
		await expect(status).toContainText('trial', { timeout: 90_000 });
		await expectFocusKept(page);
		await tabAndPress(page, button('Undo'));
		await expect(status).toContainText('ready', { timeout: 60_000 });
		await expect(status).toContainText('Starter 1');
		await expectFocusKept(page);
	});
});
