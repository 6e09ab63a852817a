import { markdownFile } from './documents.ts';
import { expect, test } from './profile.ts';
import { addDocuments, ask, planUpgrade, upgrade } from './steps.ts';

test('a generated language model streams, can be stopped, and survives a reload in mid-answer', async ({
	profile
}) => {
	test.setTimeout(180_000);
	const page = await profile.open('/');
	const log = page.getByRole('log', { name: 'Conversation' });
	const answer = page.getByRole('article', { name: 'Assistant' }).last();
	const startAnswer = async (question: string): Promise<void> => {
		await page.getByRole('textbox', { name: 'Message' }).fill(question);
		await page.getByRole('button', { name: 'Send' }).click();
		await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible();
		await expect(answer).toHaveText(/Assistant\s*[a-z]/);
	};

	await addDocuments(page, [markdownFile]);
	await planUpgrade(page, { chat: 'Endless Llama' });
	await upgrade(page);
	await expect(page.getByRole('status', { name: 'Engine' })).toContainText('Endless Llama');

	await test.step('stop keeps what was written', async () => {
		await page.getByRole('link', { name: 'Chat', exact: true }).click();
		await startAnswer('Tell me about honey');
		await page.getByRole('button', { name: 'Stop' }).click();
		await expect(answer).toContainText('Stopped.');
		await expect(answer).toContainText('Written by Endless Llama');
		await expect(log).toHaveAttribute('aria-busy', 'false');
	});

	await test.step('a reload in mid-answer keeps the question and marks the answer', async () => {
		await startAnswer('And about varroa mites?');
		// Long enough for a part of it to have been stored.
		await page.waitForTimeout(1500);
		await page.reload();
		await expect(page.getByRole('article', { name: 'You' }).last()).toContainText('varroa mites');
		await expect(answer).toContainText('Interrupted', { timeout: 60_000 });
		await expect(page.getByRole('button', { name: 'Try again' })).toBeEnabled({ timeout: 60_000 });
	});

	await test.step('it is the same chat, and another one begins empty', async () => {
		const chats = page.getByRole('navigation', { name: 'Chats' });
		await expect(chats.getByRole('link', { name: 'Tell me about honey' })).toBeVisible();
		await page.getByRole('button', { name: 'New chat' }).click();
		await expect(log.getByRole('article')).toHaveCount(0);
	});
});

test('says so when nothing in the documents fits the question', async ({ profile }) => {
	const page = await profile.open('/');
	await addDocuments(page, [markdownFile]);
	await ask(page, 'Which quarks make up a proton?');
	await expect(page.getByRole('article', { name: 'Assistant' })).toContainText(
		'I found nothing in your documents about this.'
	);
});
