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
const questions = [
	'What does the code F22 mean?',
	'How much is the fee for a late return?',
	'When does swarming begin, and what is the remedy?'
];

async function takeAll(context: BrowserContext, address: string): Promise<void> {
	const page = await context.newPage();
	await page.goto(address);
	await expect(page.getByRole('status', { name: 'Engine' })).toContainText('ready');
	await addDocuments(page, [markdownFile, htmlFile, await pdfFile(context)]);
	for (const question of questions) await askAnew(page, question);
	await take(page, 'chat.png', 800);

	await planUpgrade(page, { chat: 'Starter 2', embedding: 'Starter 2' });
	await upgrade(page);
	await expect(page.getByRole('table', { name: 'Comparison' })).toBeVisible();
	await take(page, 'upgrade.png', 1010);
}

async function askAnew(page: Page, question: string): Promise<void> {
	await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Chat' }).click();
	await page.getByRole('button', { name: 'New chat' }).click();
	await ask(page, question);
	await expect(page.getByRole('article', { name: 'Assistant' })).toContainText('Extractive');
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
	locale: 'en-GB',
	viewport: { width: 1280, height: 800 }
});
await takeAll(context, address).finally(() => context.close());
process.exit();
