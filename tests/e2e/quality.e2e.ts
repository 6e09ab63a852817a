import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { htmlFile, markdownFile } from './documents.ts';
import { expectAccessible } from './expect-accessible.ts';
import { expect, test } from './profile.ts';
import { addDocuments, ask, planUpgrade, upgrade } from './steps.ts';

const questions = ['When does a colony leave the hive?', 'What is the late return fee?'];

async function download(page: Page, button: string): Promise<string> {
	const saved = page.waitForEvent('download');
	await page.getByRole('button', { name: button }).click();
	return readFileSync(await (await saved).path(), 'utf8');
}

test('an upgrade is compared on the own documents, questions and prompts, and voted on', async ({
	profile
}) => {
	test.setTimeout(300_000);
	const page = await profile.open('/settings#prompts');
	const prompts = page.getByRole('list', { name: 'Test prompts' }).getByRole('listitem');

	await test.step('the prompts are the user’s own', async () => {
		await expect(prompts).toHaveCount(5);
		await page.getByRole('textbox', { name: 'New prompt' }).fill('How do bees spend the winter?');
		await page.getByRole('button', { name: 'Add prompt' }).click();
		await expect(prompts.last()).toContainText('How do bees spend the winter?');
		for (const left of [5, 4, 3, 2]) {
			await prompts.first().getByRole('button', { name: 'Delete' }).click();
			await expect(prompts).toHaveCount(left);
		}
		await expectAccessible(page, 'Settings with test prompts');
	});

	await addDocuments(page, [markdownFile, htmlFile]);
	for (const question of questions) await ask(page, question);
	await planUpgrade(page, { chat: 'Starter 2', embedding: 'Starter 2' });
	await upgrade(page);

	await test.step('the upgrade sums it up and links to the report', async () => {
		const main = page.getByRole('main');
		await expect(main.getByRole('region', { name: 'Old and new compared' })).toContainText(
			'Starter 2 finds'
		);
		await main.getByRole('link', { name: 'Full report' }).click();
		await expect(page.getByRole('heading', { level: 1 })).toHaveText('Quality report');
	});

	await test.step('figures, as a chart and as a table', async () => {
		await expect(page.getByRole('table', { name: 'Comparison' })).toContainText(
			'Among the first ten'
		);
		await expect(page.getByRole('img', { name: /^Chart of how many passages/ })).toBeVisible();
	});

	await test.step('the questions that were asked, side by side', async () => {
		const asked = page.getByRole('list', { name: 'Past questions' });
		for (const question of questions) {
			const item = asked.getByRole('listitem', { name: question });
			for (const name of ['Starter 1', 'Starter 2']) {
				const found = item.getByRole('list', { name: `First passages of ${name}` });
				await expect(found.getByRole('listitem').first()).toContainText(/beekeeping|city-library/);
			}
		}
	});

	const winter = page
		.getByRole('list', { name: 'Test prompts' })
		.getByRole('listitem', { name: 'How do bees spend the winter?' });
	const vote = winter.getByRole('radiogroup').getByRole('radio', { name: 'Starter 2' });

	await test.step('both answers side by side, with a vote that stays', async () => {
		await expect(winter).toContainText(/Starter 1 old.*winter.*Starter 2 new.*winter/s);
		await vote.check();
		await expect(page.getByText('Your votes: 1 for Starter 2')).toBeVisible();
		await page.reload();
		await expect(vote).toBeChecked();
	});

	await test.step('exported for programs and for people', async () => {
		const report = JSON.parse(await download(page, 'Export as JSON')) as {
			gate: { pastQuestions: { question: string }[] };
			answers: { prompts: { text: string; vote: string | null }[] };
		};
		expect(report.gate.pastQuestions.map(({ question }) => question)).toEqual(
			questions.toReversed()
		);
		expect(report.answers.prompts.map(({ vote }) => vote)).toContain('new');
		expect(await download(page, 'Export as Markdown')).toContain('Your vote: Starter 2 is better.');
	});

	await expectAccessible(page, 'the quality report');

	await test.step('the history keeps it', async () => {
		await page.getByRole('main').getByRole('link', { name: 'Back to the upgrade' }).click();
		await page.getByRole('main').getByRole('button', { name: 'Keep' }).click();
		await page.getByRole('link', { name: 'History' }).first().click();
		const item = page.getByRole('list', { name: 'Upgrades' }).getByRole('listitem').first();
		await item.getByText('Details', { exact: true }).click();
		await item.getByRole('link', { name: 'Full report' }).click();
		await expect(vote).toBeChecked();
	});
});
