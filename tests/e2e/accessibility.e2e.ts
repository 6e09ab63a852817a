import type { Page } from '@playwright/test';
import { htmlFile, markdownFile, pdfFile } from './documents.ts';
import { expectAccessible } from './expect-accessible.ts';
import { expect, test } from './profile.ts';
import { addDocuments, ask, chooseEngine, search } from './steps.ts';

async function openByAddress(page: Page, path: string): Promise<void> {
	await page.goto(new URL(path, page.url()).href);
	await expect(page.getByRole('status', { name: 'Engine' })).toContainText(/ready|trial/);
}

test('no page breaks a rule of WCAG 2.2 AA, in any look', async ({ profile }) => {
	test.setTimeout(300_000);
	const page = await profile.open('/');
	await expect(page.getByRole('status', { name: 'Engine' })).toContainText('ready');
	await expectAccessible(page, 'the first start');
	await openByAddress(page, '/memory/knowledge');
	await expectAccessible(page, 'Knowledge without documents');

	await addDocuments(page, [markdownFile, htmlFile, await pdfFile(await profile.context())]);
	await search(page, 'when does a colony leave the hive');
	await expectAccessible(page, 'Knowledge with results');
	await page.getByRole('button', { name: `Remove ${htmlFile.name}` }).click();
	await expect(page.getByRole('alertdialog')).toBeVisible();
	await expectAccessible(page, 'a question before something is removed');
	await page.keyboard.press('Escape');

	await ask(page, 'What does the code F22 mean on the boiler?');
	await expectAccessible(page, 'an answer');
	await page
		.getByRole('link', { name: /^Source 1/ })
		.first()
		.click();
	await expect(page.getByRole('dialog')).toContainText('F22');
	await expectAccessible(page, 'a passage');
	await page.keyboard.press('Escape');

	for (const path of ['/memory/engines', '/tuner', '/settings', '/help']) {
		await openByAddress(page, path);
		await expectAccessible(page, path);
	}
});

test('no page of an upgrade breaks a rule of WCAG 2.2 AA, in any look', async ({ profile }) => {
	test.setTimeout(300_000);
	const page = await profile.open('/');
	await addDocuments(page, [markdownFile, htmlFile]);
	await openByAddress(page, '/memory/history');
	await expectAccessible(page, 'History without upgrades');
	await openByAddress(page, '/memory/backups');
	await expectAccessible(page, 'Backups without upgrades');

	await openByAddress(page, '/upgrade');
	await chooseEngine(page, 'Chat engine', 'Starter 2');
	await chooseEngine(page, 'Embedding engine', 'Tiny BERT 64');
	await expectAccessible(page, 'Step 1');
	for (const step of ['Step 2', 'Step 3', 'Step 4']) {
		await page.getByRole('button', { name: 'Next' }).click();
		await expect(page.getByRole('heading', { level: 1, name: new RegExp(step) })).toBeVisible();
		await expectAccessible(page, step);
	}
	await page.getByRole('button', { name: 'Start upgrade' }).click();
	await expect(page.getByRole('table', { name: 'Comparison' })).toBeVisible({ timeout: 90_000 });
	await expect(page.getByRole('main').getByRole('button', { name: 'Undo' })).toBeVisible();
	await expectAccessible(page, 'Step 5, on trial');

	await openByAddress(page, '/memory/engines');
	await expectAccessible(page, 'Core Engines with a model that was downloaded');
	await openByAddress(page, '/memory/backups');
	await expectAccessible(page, 'Backups');
	await openByAddress(page, '/memory/history');
	await expectAccessible(page, 'History on trial');
	await page.getByRole('main').getByRole('button', { name: 'Keep' }).click();
	await expect(page.getByRole('list', { name: 'Upgrades' })).toContainText('kept');
	await expectAccessible(page, 'History');
});
