import type { Locator, Page } from '@playwright/test';
import { thinkerLines } from '../fixtures/tiny-models/thinker-script.ts';
import { expectAccessible } from './expect-accessible.ts';
import { download, modelOf, openLibrary } from './library-steps.ts';
import { expect, test } from './profile.ts';
import { ask, planUpgrade, upgrade } from './steps.ts';

const spokenAnswer = thinkerLines.answer.replaceAll('*', '');

/** The last answer is there without marks, and what was thought before it is folded. */
async function expectThoughtfulAnswer(page: Page): Promise<Locator> {
	const answer = page.getByRole('article', { name: 'Assistant' }).last();
	const reasoning = answer.getByRole('group', { name: 'Reasoning' });
	await expect(answer).toContainText(spokenAnswer);
	await expect(answer).not.toContainText('think>');
	await expect(answer).not.toContainText(thinkerLines.complaint);
	await expect(reasoning).toContainText(/Reasoned for (less than a second|\d+ s)/);
	await expect(reasoning.getByText(thinkerLines.thoughts)).toBeHidden();
	return reasoning;
}

test('a model of DeepSeek reasons apart from its answer, folded, and it is there after a reload', async ({
	profile
}) => {
	const page = await profile.open('/');
	await openLibrary(page);
	await download(modelOf(page, 'Tiny DeepSeek'));
	await planUpgrade(page, { chat: 'Tiny DeepSeek' });
	await upgrade(page);
	await ask(page, 'Is all well?');
	const reasoning = await expectThoughtfulAnswer(page);

	await test.step('the keyboard unfolds it', async () => {
		await reasoning.locator('summary').focus();
		await page.keyboard.press('Enter');
		await expect(reasoning.getByText(thinkerLines.thoughts)).toBeVisible();
		await expectAccessible(page, 'An answer with its reasoning unfolded');
	});

	await test.step('a reload keeps it', async () => {
		await page.reload();
		await expectThoughtfulAnswer(page);
	});
});

test('a model is never sent what it thought before', async ({ profile }) => {
	const page = await profile.open('/');
	await openLibrary(page);
	await planUpgrade(page, { chat: 'Tiny Thinker' });
	await upgrade(page);
	await ask(page, 'Is all well?');
	await expectThoughtfulAnswer(page);
	// On in the same chat: the link to it would begin another one.
	for (const question of ['Is it still?', 'And now?']) {
		await page.getByRole('textbox', { name: 'Message' }).fill(question);
		await page.getByRole('button', { name: 'Send' }).click();
		await expect(page.getByRole('article', { name: 'You' }).last()).toContainText(question);
		await expect(page.getByRole('button', { name: 'Send' })).toBeVisible();
		await expectThoughtfulAnswer(page);
	}
	await expect(page.getByRole('group', { name: 'Reasoning' })).toHaveCount(3);
});
