import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { htmlFile, markdownFile, pdfFile } from './documents.ts';
import { expect, test } from './profile.ts';
import { addDocuments, ask, search } from './steps.ts';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const sizes = {
	desktop: { width: 1280, height: 800 },
	phone: { width: 390, height: 844 }
};

/** Looks at what is on the screen in light and dark, on a desktop and on a phone. */
async function expectAccessible(page: Page, what: string): Promise<void> {
	await test.step(what, async () => {
		const found: string[] = [];
		for (const [size, viewport] of Object.entries(sizes)) {
			await page.setViewportSize(viewport);
			for (const colorScheme of ['light', 'dark'] as const) {
				// Colours that are on their way from one look to the other are nobody's choice.
				await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
				await nextFrame(page);
				// The other mode opens a page in front of this one, which then draws no frames. There are no inner frames here.
				const axe = new AxeBuilder({ page }).setLegacyMode();
				// Nothing but colours differs in the dark.
				if (colorScheme === 'dark') axe.withRules(['color-contrast']);
				else axe.withTags(rules);
				const { violations } = await axe.analyze();
				for (const { id, nodes } of violations) {
					const places = nodes.map(({ target, any }) =>
						[target.join(' '), any[0]?.message].filter(Boolean).join(': ')
					);
					found.push(`${what}, ${size}, ${colorScheme}: ${id} at ${places.join('\n')}`);
				}
			}
			expect(
				await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth),
				`${what} fits a ${size} without scrolling sideways`
			).toBe(true);
		}
		await page.setViewportSize(sizes.desktop);
		expect(found).toEqual([]);
	});
}

/** What is computed before a frame was drawn mixes the colours of both looks. */
async function nextFrame(page: Page): Promise<void> {
	await page.evaluate(
		() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
	);
}

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
	const choose = (group: string, engine: RegExp): Promise<void> =>
		page.getByRole('radiogroup', { name: group }).getByRole('radio', { name: engine }).check();
	await choose('Chat engine', /^Starter 2/);
	await choose('Embedding engine', /^Tiny BERT 64/);
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
