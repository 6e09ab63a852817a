/**
 * `npm run screenshots`: takes the pictures of README.md and the guides from the built app (`npm run build` first), in a
 * browser profile of its own. They are compressed as the browser writes them; see that they stay small.
 */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, expect, type BrowserContext, type Page } from '@playwright/test';
import { htmlFile, markdownFile, pdfFile } from '../tests/e2e/documents.ts';
import { addDocuments, ask, planUpgrade, upgrade } from '../tests/e2e/steps.ts';
import { chromiumFlags } from './chromium-flags.mjs';
import { findBrowser } from './find-browser.mjs';
import { serve } from './serve.mjs';

const root = join(import.meta.dirname, '..');
const build = join(root, 'build');
const pictures = join(root, 'docs', 'images');
const port = 4178;
/** Each list is a chat. */
const chats = [
	['What does the code F22 mean?'],
	['How much is the fee for a late return?'],
	['When does swarming begin, and what is the remedy?', 'When is honey ripe?']
];

async function takeAll(context: BrowserContext, address: string): Promise<void> {
	const page = await context.newPage();
	await page.goto(address);
	await expect(page.getByRole('status', { name: 'Engine' })).toContainText('ready');
	await addDocuments(page, [markdownFile, htmlFile, await pdfFile(context)]);
	for (const questions of chats) await converse(page, questions);
	await take(page, 'chat.png', 800);

	await planUpgrade(page, { chat: 'Starter 2', embedding: 'Starter 2' });
	await take(page, 'review.png', 1130);
	await upgrade(page);
	await expect(page.getByRole('table', { name: 'Comparison' })).toBeVisible();
	await take(page, 'upgrade.png', 1130);
	await page.getByRole('link', { name: 'Full report' }).click();
	await expect(page.getByRole('img', { name: /^Chart/ }).first()).toBeVisible();
	await take(page, 'report.png', 1130);
}

async function converse(page: Page, [first = '', ...others]: readonly string[]): Promise<void> {
	await ask(page, first);
	const answer = page.getByRole('article', { name: 'Assistant' });
	await expect(answer.getByRole('link', { name: /^Source/ }).first()).toBeVisible();
	for (const [index, question] of others.entries()) {
		await page.getByRole('textbox', { name: 'Message' }).fill(question);
		await page.keyboard.press('Enter');
		await expect(
			answer
				.nth(index + 1)
				.getByRole('link', { name: /^Source/ })
				.first()
		).toBeVisible();
	}
}

async function take(page: Page, name: string, height: number): Promise<void> {
	await page.setViewportSize({ width: 1280, height });
	await page.mouse.move(0, 0);
	// A ring around what happens to have the focus says nothing to a reader.
	await page.evaluate(() => {
		if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
		window.scrollTo(0, 0);
	});
	const path = join(pictures, name);
	await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
	process.stdout.write(`${name}: ${Math.round(statSync(path).size / 1000)} KB\n`);
}

const executablePath = findBrowser();
if (!executablePath) throw new Error('No browser found: run npm test once.');
if (!existsSync(join(build, 'index.html'))) throw new Error('Nothing is built: npm run build.');
mkdirSync(pictures, { recursive: true });
const address = await serve({ port, roots: [build] });
const context = await chromium.launchPersistentContext('', {
	executablePath,
	args: chromiumFlags,
	colorScheme: 'light',
	viewport: { width: 1280, height: 800 }
});
await takeAll(context, address).finally(() => context.close());
process.exit();
