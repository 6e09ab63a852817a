import { mkdirSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import type { SetupRecord } from '../../src/lib/core/setup.ts';
import { tinyAdapter } from '../fixtures/tiny-adapters/tiny-adapter.ts';
import {
	addReviewed,
	chooseAdapterFiles,
	openAddAdapter,
	openTuner
} from './adapter-import-steps.ts';
import { markdownFile } from './documents.ts';
import { expectAccessible } from './expect-accessible.ts';
import { tabTo } from './keyboard.ts';
import { download, modelOf, openLibrary } from './library-steps.ts';
import { expect, test } from './profile.ts';
import { addDocuments, planUpgrade, upgrade } from './steps.ts';
import { storedRows } from './stored.ts';

/** Models are loaded, one after the other. */
const patience = { timeout: 90_000 };

const engine = (page: Page): Locator => page.getByRole('status', { name: 'Engine' });
const itemOf = (page: Page, name: string): Locator =>
	page.getByRole('list', { name: 'Adapters', exact: true }).getByRole('listitem', { name });
const switchOf = (page: Page, name: string): Locator =>
	page.getByRole('switch', { name: `On: ${name}` });
const strengthOf = (page: Page, name: string): Locator =>
	page.getByRole('slider', { name: `Strength of ${name}`, exact: true });
const lastAnswer = (page: Page): Locator => page.getByRole('article', { name: 'Assistant' }).last();
const columnOf = (page: Page, name: string): Locator => page.getByRole('region', { name });

/** Tiny Llama answers, and the upgrade to it is over. */
async function useLlama(page: Page): Promise<void> {
	await openLibrary(page);
	await download(modelOf(page, 'Tiny Llama'));
	await planUpgrade(page, { chat: 'Tiny Llama' });
	await upgrade(page);
	await page.getByRole('main').getByRole('button', { name: 'Keep' }).click();
	await expect(page.getByRole('status', { name: 'Engine' })).toContainText('Tiny Llama');
	await expect(page.getByRole('status', { name: 'Engine' })).toContainText('ready', patience);
}

async function addAdapter(
	page: Page,
	name: string,
	options: Parameters<typeof tinyAdapter>[0]
): Promise<void> {
	const dialog = await openAddAdapter(page);
	await chooseAdapterFiles(page, dialog, tinyAdapter(options));
	await addReviewed(page, dialog, name);
}

async function check(page: Page, name: string): Promise<void> {
	await itemOf(page, name).getByRole('button', { name: 'Check' }).click();
	await expect(itemOf(page, name)).toContainText('Checked', patience);
}

/** What both answered. */
async function compare(page: Page, prompt: string): Promise<[string, string]> {
	await page.getByRole('textbox', { name: 'Prompt' }).fill(prompt);
	await page.getByRole('button', { name: 'Compare' }).click();
	await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible();
	await expect(page.getByText('Both answers are there')).toBeVisible(patience);
	const texts = await Promise.all(
		['Base model', 'With adapters'].map((name) =>
			columnOf(page, name).getByTestId('answer').innerText()
		)
	);
	return [texts[0] ?? '', texts[1] ?? ''];
}

/** The engine is loaded anew first where another adapter is on than before. */
async function askLlama(page: Page, question: string): Promise<void> {
	await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Chat' }).click();
	const box = page.getByRole('textbox', { name: 'Message' });
	await expect(async () => {
		await box.fill(question);
		await expect(box).toHaveValue(question, { timeout: 500 });
	}).toPass();
	await page.getByRole('button', { name: 'Send' }).click();
	await expect(page.getByRole('article', { name: 'You' }).last()).toContainText(question);
	const log = page.getByRole('log', { name: 'Conversation' });
	await expect(log).toHaveAttribute('aria-busy', 'false', patience);
	await expect(lastAnswer(page)).toContainText('Written by Tiny Llama');
}

/** What the details of the last answer say of adapters; empty where none was on. */
async function adaptersOfAnswer(page: Page): Promise<string> {
	await lastAnswer(page).getByText('Details').click();
	await expect(lastAnswer(page).getByText('Revision')).toBeVisible();
	const terms = await lastAnswer(page).getByRole('term').allInnerTexts();
	const values = await lastAnswer(page).getByRole('definition').allInnerTexts();
	return values[terms.findIndex((term) => /^Adapters?$/.test(term))] ?? '';
}

/** Of the adapters that are on, as the setup has them. */
async function strengthsInUse(page: Page): Promise<number[]> {
	const [record] = await storedRows<SetupRecord>(page, 'setup');
	return record?.current.adapters.map(({ strength }) => strength) ?? [];
}

async function setStrength(slider: Locator, value: number): Promise<void> {
	await slider.fill(String(value));
	await expect(slider).toHaveValue(String(value));
}

async function picture(page: Page, name: string): Promise<void> {
	const folder = process.env.SAM_PICTURES;
	if (!folder) return;
	mkdirSync(folder, { recursive: true });
	for (const [size, viewport] of [
		['desktop', { width: 1280, height: 800 }],
		['phone', { width: 390, height: 844 }]
	] as const) {
		for (const colorScheme of ['light', 'dark'] as const) {
			await page.setViewportSize(viewport);
			await page.emulateMedia({ colorScheme });
			await page.screenshot({
				path: `${folder}/${name}-${size}-${colorScheme}.png`,
				fullPage: true
			});
		}
	}
	await page.setViewportSize({ width: 1280, height: 800 });
}

test('an adapter is checked, switched on, weighed, tried and switched off, all without a network', async ({
	profile
}) => {
	test.setTimeout(300_000);
	const page = await profile.open('/');
	await addDocuments(page, [markdownFile]);
	await useLlama(page);
	await openTuner(page);
	await expect(page.getByText('No adapters yet')).toBeVisible();
	await expectAccessible(page, 'The Tuner without adapters');
	await (await profile.context()).setOffline(true);
	await addAdapter(page, 'Pirate', { rank: 6 });
	const pirate = itemOf(page, 'Pirate');

	await test.step('it tells what it is', async () => {
		await expect(pirate).toContainText('rank 6 · 4 modules');
		await expect(pirate).toContainText('Tiny Llama (tests/tiny-llama)');
		await expect(switchOf(page, 'Pirate')).not.toBeChecked();
	});

	await test.step('a check loads the engine with it, and tells how much found its place', async () => {
		await check(page, 'Pirate');
		await expect(pirate).toContainText('works, matched 4 of 4 modules');
		await picture(page, 'checked');
	});

	await test.step('on, it is part of the next answer', async () => {
		await switchOf(page, 'Pirate').click();
		await expect(pirate).toContainText('active');
		await expect(engine(page)).toContainText('Tiny Llama + 1 adapter');
		await expectAccessible(page, 'The Tuner with an adapter that is on');
		await askLlama(page, 'When does swarming begin?');
		expect(await adaptersOfAnswer(page)).toBe('Pirate (1.0)');
	});

	await test.step('side by side, the same greedy question gets another answer with it', async () => {
		await openTuner(page);
		const [base, adapted] = await compare(page, 'What is honey?');
		expect(adapted).not.toBe(base);
		await expect(columnOf(page, 'With adapters')).toContainText('Pirate at 1.00');
		await expectAccessible(page, 'The Tuner with two answers');
		await picture(page, 'compared');
		await setStrength(page.getByRole('slider', { name: 'Strength of Pirate to try' }), 0);
		expect(await compare(page, 'What is honey?')).toEqual([base, base]);
		await expect(page.getByText(/Both answers are there, and they are the same/)).toBeVisible();
	});

	await test.step('its strength is the user’s, and counts from the next answer on', async () => {
		await setStrength(strengthOf(page, 'Pirate'), 0.35);
		// Left at once: the slider has not rested yet.
		await page.getByRole('link', { name: 'Chat' }).first().click();
		await expect.poll(() => strengthsInUse(page)).toEqual([0.35]);
		await askLlama(page, 'Who keeps the hives?');
		expect(await adaptersOfAnswer(page)).toBe('Pirate (0.35)');
		await openTuner(page);
		await setStrength(strengthOf(page, 'Pirate'), 0);
		await expect(pirate).toContainText('At strength 0, Tiny Llama answers as without it.');
	});

	await test.step('a reload changes nothing', async () => {
		await page.reload();
		await expect(switchOf(page, 'Pirate')).toBeChecked();
		await expect(strengthOf(page, 'Pirate')).toHaveValue('0');
		await expect(pirate).toContainText('works, matched 4 of 4 modules');
		await pirate.getByRole('button', { name: /^Reset to 1/ }).click();
		await expect(strengthOf(page, 'Pirate')).toHaveValue('1');
	});

	await test.step('one that is on is not removed; off, it is part of no answer', async () => {
		await expect(pirate).toContainText('Needed by your chats');
		await expect(pirate.getByRole('button', { name: 'Remove' })).toBeDisabled();
		await switchOf(page, 'Pirate').click();
		await expect(pirate).toContainText('off');
		await expect(engine(page)).not.toContainText('adapter');
		await askLlama(page, 'Where do bees live?');
		expect(await adaptersOfAnswer(page)).toBe('');
	});

	await test.step('it can be renamed, and removed when it was asked for', async () => {
		await openTuner(page);
		await pirate.getByRole('button', { name: 'Rename' }).click();
		await page.getByRole('textbox', { name: 'New name' }).fill('Parrot');
		await page.keyboard.press('Enter');
		await itemOf(page, 'Parrot').getByRole('button', { name: 'Remove' }).click();
		await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
		await expect(page.getByText('No adapters yet')).toBeVisible();
		await expect(page.getByText('Parrot is removed.')).toBeFocused();
	});
});

test('several at once, in every tab, with the keyboard alone', async ({ profile }) => {
	test.setTimeout(300_000);
	const page = await profile.open('/');
	await useLlama(page);
	await openTuner(page);
	await addAdapter(page, 'Pirate', { rank: 6 });
	await addAdapter(page, 'Poet', { rank: 4, seed: 2 });
	for (const name of ['Pirate', 'Poet']) await check(page, name);

	await test.step('switch and slider need no mouse', async () => {
		await page.getByRole('button', { name: 'Add adapter…' }).focus();
		for (const name of ['Poet', 'Pirate']) {
			await tabTo(page, switchOf(page, name));
			await page.keyboard.press('Space');
			await expect(itemOf(page, name)).toContainText('active');
			await expect(switchOf(page, name)).toBeFocused();
		}
		await tabTo(page, strengthOf(page, 'Pirate'));
		for (let step = 0; step < 4; step += 1) await page.keyboard.press('ArrowLeft');
		await expect(strengthOf(page, 'Pirate')).toHaveValue('0.8');
	});

	await test.step('a comparison takes all that are on', async () => {
		await tabTo(page, page.getByRole('textbox', { name: 'Prompt' }));
		await page.keyboard.type('What is honey?');
		await tabTo(page, page.getByRole('button', { name: 'Compare' }));
		await page.keyboard.press('Enter');
		await expect(page.getByText('Both answers are there')).toBeVisible(patience);
		await expect(columnOf(page, 'With adapters')).toContainText('Poet at 1.00, Pirate at 0.80');
		await picture(page, 'several');
	});

	await test.step('another tab shows the same, follows, and changes nothing', async () => {
		const other = await profile.open('/tuner');
		await expect(other.getByText('SAM is in use in another tab.')).toBeVisible();
		await expect(switchOf(other, 'Poet')).toBeChecked();
		await expect(switchOf(other, 'Poet')).toBeDisabled();
		await expect(engine(other)).toContainText('+ 2 adapters');
		await expect(strengthOf(other, 'Pirate')).toHaveValue('0.8');
		await switchOf(page, 'Poet').click();
		await expect(switchOf(other, 'Poet')).not.toBeChecked();
		await expect(itemOf(other, 'Poet')).toContainText('off');
		await expect(engine(other)).toContainText('+ 1 adapter');
		await expectAccessible(other, 'The Tuner of a tab that follows');
		await other.close();
	});

	await test.step('Core Engines and the wizard name what is on', async () => {
		await openLibrary(page);
		await expect(modelOf(page, 'Tiny Llama')).toContainText('Answers with the adapter “Pirate”.');
		await page.getByRole('button', { name: 'Upgrade engine' }).click();
		const keep = page
			.getByRole('radio', { name: 'Keep current, Tiny Llama with “Pirate”' })
			.first();
		await expect(keep).toBeChecked();
	});
});

test('an engine that takes none says so, and what is added waits for its base', async ({
	profile
}) => {
	const page = await profile.open('/');
	await openTuner(page);
	await expect(page.getByText('Starter 1 cannot take adapters')).toBeVisible();
	await addAdapter(page, 'Pirate', { rank: 6 });
	const pirate = itemOf(page, 'Pirate');
	await expect(pirate).toContainText('inactive');
	await expect(pirate).toContainText('Starter 1 cannot take adapters. It is kept, and can be');
	await expect(pirate.getByRole('button', { name: 'Check' })).toBeDisabled();
	await switchOf(page, 'Pirate').click();
	await expect(pirate).toContainText('It is kept, and comes on by itself');
	await expect(page.getByRole('button', { name: 'Compare' })).toHaveCount(0);
	await expectAccessible(page, 'The Tuner with an adapter that waits');
	await picture(page, 'inactive');
});

/** The files of that folder on the page's own disk; none before it is there. */
function writtenTo(page: Page, name: string): Promise<Record<string, number[]>> {
	return page.evaluate(async (wanted) => {
		const root = await navigator.storage.getDirectory();
		const found: Record<string, number[]> = {};
		const folder = await root.getDirectoryHandle(wanted).catch(() => null);
		if (!folder) return found;
		for await (const [path, handle] of folder) {
			const file = await (handle as FileSystemFileHandle).getFile();
			found[path] = [...new Uint8Array(await file.arrayBuffer())];
		}
		return found;
	}, name);
}

test('what is exported is what was added', async ({ profile }) => {
	const page = await profile.open('/');
	// The browser's own dialog is beyond tests; the folder is one of the page's own disk instead.
	await page.addInitScript(() => {
		Object.assign(globalThis, { showDirectoryPicker: () => navigator.storage.getDirectory() });
	});
	await page.reload();
	await openTuner(page);
	await addAdapter(page, 'Pirate', { rank: 6 });
	const files = [...tinyAdapter({ rank: 6 })];
	const added = Object.fromEntries(files.map(([path, bytes]) => [path, [...bytes]]));
	for (const folder of ['Pirate', 'Pirate 2']) {
		await itemOf(page, 'Pirate').getByRole('button', { name: 'Export' }).click();
		// A file that is being written has another name for a moment.
		await expect.poll(() => writtenTo(page, folder).catch(() => null)).toEqual(added);
	}
});
