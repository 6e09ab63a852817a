import type { Page } from '@playwright/test';
import { longFile } from './documents.ts';
import { expect, test, type Profile } from './profile.ts';
import { addDocuments, planUpgrade } from './steps.ts';

const engineOf = (page: Page) => page.getByRole('status', { name: 'Engine' });
const progressOf = (page: Page) => page.getByRole('progressbar', { name: 'Upgrade progress' });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const speedOf = (page: Page, name: string) =>
	page.getByRole('radiogroup', { name: 'Speed' }).getByRole('radio', { name, exact: true });

/** Starts an upgrade to Starter 2, at that speed, over a document of so many passages. */
async function start(profile: Profile, speed: RegExp, passages: number): Promise<Page> {
	const page = await profile.open('/');
	await addDocuments(page, [longFile(passages)]);
	await planUpgrade(page, { embedding: 'Starter 2' });
	await page.getByRole('button', { name: 'Back' }).click();
	await page.getByRole('button', { name: 'Back' }).click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Step 2 of 5: Options');
	await page.getByRole('radiogroup', { name: 'Speed' }).getByRole('radio', { name: speed }).check();
	for (const title of ['Step 3 of 5: Backup', 'Step 4 of 5: Review']) {
		await page.getByRole('button', { name: 'Next' }).click();
		await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
	}
	await page.getByRole('button', { name: 'Start upgrade' }).click();
	await expect(progressOf(page)).toBeVisible();
	return page;
}

/** How many passages have been embedded for the new index, from the progress bar's words. */
async function embedded(page: Page): Promise<number> {
	const text = (await progressOf(page).getAttribute('aria-valuetext')) ?? '';
	return Number(/(\d+) of \d+ passages/.exec(text)?.[1] ?? 0);
}

const waiting = 'Waiting until nobody has used this device for a minute.';

test('only when idle, it waits while somebody is there, and another speed ends that', async ({
	profile
}) => {
	const page = await start(profile, /^Only when idle/, 100);
	await expect(page.getByText(waiting).first()).toBeVisible();
	await expect(speedOf(page, 'Only when idle')).toBeChecked();
	expect(await embedded(page)).toBe(0);

	await button(page, 'Pause').click();
	await expect(page.getByText('Paused.')).toBeVisible();
	await expect(page.getByText(waiting)).toHaveCount(0);
	await button(page, 'Resume').click();
	await expect(page.getByText(waiting).first()).toBeVisible();

	await page.getByRole('radiogroup', { name: 'Speed' }).getByText('Full', { exact: true }).click();
	await expect(engineOf(page)).toContainText('trial', { timeout: 60_000 });
});

test('what waits by itself goes on when it is told to', async ({ profile }) => {
	const page = await start(profile, /^Only when idle/, 100);
	await expect(page.getByText(waiting).first()).toBeVisible();
	await button(page, 'Go on now').click();
	await expect(engineOf(page)).toContainText('trial', { timeout: 60_000 });
});

test('paused, it embeds nothing, and resumed, it goes on where it was', async ({ profile }) => {
	const page = await start(profile, /^Gentle/, 1500);
	await expect.poll(() => embedded(page), { intervals: [20], timeout: 60_000 }).toBeGreaterThan(0);
	await button(page, 'Pause').click();
	await expect(page.getByText('Paused.')).toBeVisible();
	// What was being computed at that moment is kept.
	await page.waitForTimeout(1500);
	const before = await embedded(page);
	await page.waitForTimeout(2000);
	expect(await embedded(page)).toBe(before);
	await expect(speedOf(page, 'Gentle')).toBeChecked();

	await button(page, 'Resume').click();
	await expect.poll(() => embedded(page), { timeout: 60_000 }).toBeGreaterThanOrEqual(before);
	await expect(engineOf(page)).toContainText('trial', { timeout: 90_000 });
});
