import type { Locator, Page } from '@playwright/test';
import { tinyAdapter } from '../fixtures/tiny-adapters/tiny-adapter.ts';
import {
	addReviewed,
	chooseAdapterFiles,
	openAddAdapter,
	openTuner,
	storedAdapters
} from './adapter-import-steps.ts';
import { markdownFile } from './documents.ts';
import { expectAccessible } from './expect-accessible.ts';
import { download, modelOf, openLibrary } from './library-steps.ts';
import { expect, test } from './profile.ts';
import { addDocuments, ask, planUpgrade, upgrade } from './steps.ts';

const patience = { timeout: 60_000 };

const engine = (page: Page): Locator => page.getByRole('status', { name: 'Engine' });
const itemOf = (page: Page, name: string): Locator =>
	page.getByRole('list', { name: 'Adapters', exact: true }).getByRole('listitem', { name });
const switchOf = (page: Page, name: string): Locator => itemOf(page, name).getByRole('switch');
const effect = (page: Page, title: string): Locator => page.locator(`[data-effect="${title}"]`);
const stepOf = (page: Page, title: string): Locator =>
	page
		.getByRole('list', { name: 'Progress by step' })
		.getByRole('listitem')
		.filter({ hasText: title });

/** The upgrade to it is over, and it is ready. */
async function use(page: Page, name: string): Promise<void> {
	await planUpgrade(page, { chat: name });
	await upgrade(page);
	await page.getByRole('main').getByRole('button', { name: 'Keep' }).click();
	await expect(engine(page)).toContainText(name);
	await expect(engine(page)).toContainText('ready', patience);
}

/** Added, tried with the chat engine in use, and on. */
async function turnOn(page: Page, name: string): Promise<void> {
	await openTuner(page);
	const dialog = await openAddAdapter(page);
	await chooseAdapterFiles(page, dialog, tinyAdapter({ rank: 6 }));
	await addReviewed(page, dialog, name);
	await itemOf(page, name).getByRole('button', { name: 'Check' }).click();
	await expect(itemOf(page, name)).toContainText('matched 4 of 4 modules', patience);
	await switchOf(page, name).click();
	await expect(itemOf(page, name)).toContainText('active');
}

/** What the chat engine answers with the adapters that are on; the same question, the same answer. */
async function adaptedAnswer(page: Page): Promise<string> {
	await openTuner(page);
	await page.getByRole('textbox', { name: 'Prompt' }).fill('What is honey?');
	await page.getByRole('button', { name: 'Compare' }).click();
	// The page may still show what was compared before.
	await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible();
	await expect(page.getByText('Both answers are there')).toBeVisible(patience);
	const column = page.getByRole('region', { name: 'With adapters' });
	return column.getByTestId('answer').innerText();
}

/** Asks, and tells what the details of the answer say of adapters; empty where none was on. */
async function adaptersOfAnswer(page: Page, question: string): Promise<string> {
	await ask(page, question);
	const answer = page.getByRole('article', { name: 'Assistant' }).last();
	await answer.getByText('Details').click();
	await expect(answer.getByText('Revision')).toBeVisible();
	const terms = await answer.getByRole('term').allInnerTexts();
	const values = await answer.getByRole('definition').allInnerTexts();
	return values[terms.findIndex((term) => /^Adapters?$/.test(term))] ?? '';
}

test('an adapter is off where it does not fit, back on by itself, and stays on with another copy of its base', async ({
	profile
}) => {
	test.setTimeout(400_000);
	const page = await profile.open('/');
	await addDocuments(page, [markdownFile]);
	await openLibrary(page);
	for (const name of ['Tiny Llama', 'Tiny Thinker']) await download(modelOf(page, name));
	await use(page, 'Tiny Llama');
	await turnOn(page, 'Pirate');
	const before = await adaptedAnswer(page);
	const pirate = itemOf(page, 'Pirate');

	await test.step('the review says that it will be off, why, and when it comes back', async () => {
		await planUpgrade(page, { chat: 'Tiny Thinker' });
		await expect(effect(page, 'Lost')).toContainText(
			/The adapter “Pirate” is kept but off .*Tiny Thinker.*comes back by itself with an undo/
		);
		await expect(page.getByText('Check your adapters')).toHaveCount(0);
		await expectAccessible(page, 'The review of an upgrade with an adapter');
	});

	await test.step('after the switch it is off, and kept', async () => {
		await upgrade(page);
		expect(await adaptersOfAnswer(page, 'When does swarming begin?')).toBe('');
		await openTuner(page);
		await expect(pirate).toContainText('inactive');
		await expect(pirate).toContainText('comes on again by itself');
		await expect(switchOf(page, 'Pirate')).toBeChecked();
		await expect(pirate.getByRole('button', { name: 'Remove' })).toBeDisabled();
		expect(await storedAdapters(page)).toEqual([['Pirate'], 2]);
	});

	await test.step('Undo turns it on again, which is told, and it answers as before', async () => {
		await engine(page).getByRole('button', { name: 'Undo' }).click();
		await expect(page.getByText('The adapter “Pirate” is on again.')).toBeVisible(patience);
		await expect(engine(page)).toContainText('Tiny Llama');
		await expect(engine(page)).toContainText('ready', patience);
		await expect(pirate).toContainText('active');
		expect(await adaptedAnswer(page)).toBe(before);
		expect(await adaptersOfAnswer(page, 'Who keeps the hives?')).toBe('Pirate (1.0)');
	});

	await test.step('with a copy of its base that is not here yet it is tried before the switch', async () => {
		await planUpgrade(page, { chat: 'Packed Llama' });
		await expect(effect(page, 'Changed')).toContainText(
			'The adapter “Pirate” will be tried with Packed Llama before the switch'
		);
		await upgrade(page);
		const check = stepOf(page, 'Check your adapters with Packed Llama');
		await expect(check).toContainText('done');
		await expect(check).toContainText('Works: Pirate');
		expect(await adaptersOfAnswer(page, 'What do bees eat in winter?')).toBe('Pirate (1.0)');
		await engine(page).getByRole('button', { name: 'Keep' }).click();
		await expect(engine(page)).not.toContainText('trial');
	});

	await test.step('back to the first copy it stays on', async () => {
		await planUpgrade(page, { chat: 'Tiny Llama' });
		await expect(effect(page, 'Kept')).toContainText('The adapter “Pirate” stays on.');
		await page.getByRole('button', { name: 'Dry run' }).click();
		await expect(page.getByRole('list', { name: 'Adapters tried' })).toContainText(
			'Adapter “Pirate” works. Tiny Llama answers',
			patience
		);
		await upgrade(page);
		expect(await adaptedAnswer(page)).toBe(before);
	});

	await test.step('the history tells of the check', async () => {
		await engine(page).getByRole('button', { name: 'Keep' }).click();
		await expect(engine(page)).not.toContainText('trial');
		await page
			.getByRole('navigation', { name: 'Main' })
			.getByRole('link', { name: 'Memory' })
			.click();
		await page.getByRole('link', { name: 'History' }).click();
		await page.getByText('Details').first().click();
		await expect(page.getByText('Check your adapters with Tiny Llama')).toBeVisible();
		await expect(page.getByText('Works: Pirate')).toBeVisible();
	});
});

test('a removed adapter comes back from a backup, and from its file when that is gone too', async ({
	profile
}, info) => {
	test.setTimeout(200_000);
	const page = await profile.open('/');
	await openTuner(page);
	const dialog = await openAddAdapter(page);
	await chooseAdapterFiles(page, dialog, tinyAdapter({ rank: 6 }));
	await addReviewed(page, dialog, 'Pirate');
	const rows = page.getByRole('table', { name: 'Backups' }).getByRole('row');
	const restore = page.getByRole('dialog', { name: 'Restore this backup?' });
	const file = info.outputPath('backup.json');

	async function openBackups(): Promise<void> {
		const main = page.getByRole('navigation', { name: 'Main' });
		await main.getByRole('link', { name: 'Memory' }).click();
		await page.getByRole('link', { name: 'Backups' }).click();
		await expect(page.getByRole('heading', { level: 1 })).toHaveText('Backups');
	}

	async function remove(): Promise<void> {
		await openTuner(page);
		await itemOf(page, 'Pirate').getByRole('button', { name: 'Remove' }).click();
		await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
		await expect(page.getByText('No adapters yet')).toBeVisible();
		await openBackups();
	}

	async function restoreOldest(): Promise<void> {
		await rows.last().getByRole('button', { name: 'Restore…' }).click();
		await expect(restore).toContainText('Adapter put back: “Pirate”');
		await restore.getByRole('button', { name: 'Restore settings' }).click();
		await expect(page.getByRole('main').getByRole('status').first()).toContainText('in force');
		expect(await storedAdapters(page)).toEqual([['Pirate'], 2]);
	}

	await openBackups();
	await page.getByRole('button', { name: 'Back up now' }).click();
	await expect(rows).toHaveCount(2);
	const saved = page.waitForEvent('download');
	await rows.nth(1).getByRole('button', { name: 'Save as file' }).click();
	await (await saved).saveAs(file);

	await test.step('its bytes are there as long as the backup is', async () => {
		await remove();
		expect(await storedAdapters(page)).toEqual([[], 2]);
		await restoreOldest();
	});

	await test.step('with the backups they go, and come back with the file', async () => {
		await remove();
		for (let left = await rows.count(); left > 1; left -= 1) {
			await rows.nth(1).getByRole('button', { name: 'Delete' }).click();
			await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
			await expect(rows).toHaveCount(left === 2 ? 0 : left - 1);
		}
		expect(await storedAdapters(page)).toEqual([[], 0]);
		const chooser = page.waitForEvent('filechooser');
		await page.getByRole('button', { name: 'Restore from file…' }).click();
		await (await chooser).setFiles(file);
		await expect(rows).toHaveCount(2);
		expect(await storedAdapters(page)).toEqual([[], 2]);
		await restoreOldest();
	});
});
