import type { Locator, Page } from '@playwright/test';
import { markdownFile } from './documents.ts';
import { engineWorkers, tryInThisChat } from './engine-steps.ts';
import { expectAccessible } from './expect-accessible.ts';
import { download, modelOf, openLibrary } from './library-steps.ts';
import { expect, test, type Profile } from './profile.ts';
import { addDocuments, ask, planUpgrade, upgrade } from './steps.ts';

const patience = { timeout: 60_000 };
const question = 'When does swarming begin?';
const closed = 'The tab closed unexpectedly while Tiny Llama was being loaded.';

const engineOf = (page: Page): Locator => page.getByRole('status', { name: 'Engine' });
const lastAnswer = (page: Page): Locator => page.getByRole('article', { name: 'Assistant' }).last();
const bannerOf = (page: Page): Locator => page.getByText(closed);

/** Tiny Llama answers, on trial, in a tab that has just been opened. */
async function withLlamaOnTrial(profile: Profile): Promise<Page> {
	const page = await profile.open('/');
	await addDocuments(page, [markdownFile]);
	await openLibrary(page);
	await download(modelOf(page, 'Tiny Llama'));
	await planUpgrade(page, { chat: 'Tiny Llama' });
	await upgrade(page);
	return page;
}

/** How many engines are being loaded: their marks are on disk, and nothing else tells so early. */
const loading = (page: Page): Promise<number> =>
	page.evaluate(
		() =>
			new Promise<number>((resolve, reject) => {
				const opening = indexedDB.open('sam');
				opening.onerror = () => reject(new Error('The database cannot be opened.'));
				opening.onsuccess = () => {
					const database = opening.result;
					const counting = database.transaction('load-marks').objectStore('load-marks').count();
					counting.onsuccess = () => {
						database.close();
						resolve(counting.result);
					};
				};
			})
	);

async function untilLoading(page: Page): Promise<void> {
	await expect.poll(() => loading(page), { intervals: [20], timeout: 60_000 }).toBe(1);
}

test('a model that no engine can read stops its upgrade, and answers no chat', async ({
	profile
}) => {
	test.setTimeout(240_000);
	const page = await profile.open('/');
	await addDocuments(page, [markdownFile]);
	await openLibrary(page);
	await download(modelOf(page, 'Broken Llama'));

	await test.step('the check before the switch fails, and nothing has changed', async () => {
		await planUpgrade(page, { chat: 'Broken Llama' });
		await page.getByRole('button', { name: 'Start upgrade' }).click();
		await expect(
			page.getByText(/The files of Broken Llama are whole, but the engine cannot read them/).first()
		).toBeVisible(patience);
		await expect(engineOf(page)).toContainText('Starter 1');
		await expect(engineOf(page)).toContainText('ready');
	});

	await test.step('a chat that wants it is answered by the setup’s engine, with the reason', async () => {
		await ask(page, question);
		await tryInThisChat(page, 'Broken Llama');
		await page.getByRole('textbox', { name: 'Message' }).fill('And when does it end?');
		await page.getByRole('button', { name: 'Send' }).click();
		await expect(page.getByRole('article', { name: 'Assistant' })).toHaveCount(2);
		await expect(lastAnswer(page)).toContainText(
			/Broken Llama could not be loaded \(.+\), so Starter 1 answered\./,
			patience
		);
		await expect(lastAnswer(page)).toContainText('Extractive: Starter 1');
		await expect(engineOf(page)).toContainText('Starter 1');
	});
});

test('killed while an engine loads, SAM starts without it until it is tried again', async ({
	profile
}) => {
	test.setTimeout(300_000);
	let page = await withLlamaOnTrial(profile);
	await page.reload();
	await untilLoading(page);
	await profile.kill();

	page = await profile.open('/');
	await test.step('the engine before answers, and a banner on every page says so', async () => {
		await expect(bannerOf(page)).toContainText('SAM started with Starter 1 instead.', patience);
		await expect(engineOf(page)).toContainText('Starter 1');
		await expect(engineOf(page)).toContainText('degraded');
		await expect(engineOf(page)).toContainText('instead of Tiny Llama');
		await ask(page, question);
		await expect(lastAnswer(page)).toContainText('Extractive: Starter 1');
		await expect(lastAnswer(page)).toContainText('so Starter 1 answered.');
		await openLibrary(page);
		await expect(bannerOf(page)).toBeVisible();
		await expectAccessible(page, 'Safe mode');
	});

	await test.step('it stays so after a reload', async () => {
		await page.reload();
		await expect(bannerOf(page)).toContainText('Starter 1', patience);
	});

	await test.step('Try again loads it', async () => {
		await page.getByRole('button', { name: 'Try again' }).click();
		await expect(bannerOf(page)).toHaveCount(0);
		await expect(engineOf(page)).toContainText('trial', patience);
		await expect(engineOf(page)).toContainText('Tiny Llama');
		await ask(page, question);
		await expect(lastAnswer(page)).toContainText('Written by Tiny Llama.', patience);
	});

	await test.step('a tab that crashes is no better than a browser that is killed', async () => {
		await page.reload();
		await untilLoading(page);
		const crashed = page.waitForEvent('crash');
		const session = await page.context().newCDPSession(page);
		session.send('Page.crash').catch(() => undefined);
		await crashed;
		page = await profile.open('/');
		await expect(bannerOf(page)).toBeVisible(patience);
	});

	await test.step('Undo the upgrade goes back for good', async () => {
		await page.getByRole('button', { name: 'Undo the upgrade' }).click();
		await expect(engineOf(page)).toContainText('ready', patience);
		await expect(engineOf(page)).toContainText('Starter 1');
		await expect(bannerOf(page)).toHaveCount(0);
		await page.reload();
		await expect(engineOf(page)).toContainText('ready', patience);
		await expect(bannerOf(page)).toHaveCount(0);
	});
});

test('a tab that is reloaded or closed while an engine loads has not died', async ({ profile }) => {
	test.setTimeout(240_000);
	let page = await withLlamaOnTrial(profile);
	for (let reload = 0; reload < 4; reload += 1) {
		await page.reload();
		await untilLoading(page);
	}
	await page.close();
	page = await profile.open('/');
	await expect(engineOf(page)).toContainText('trial', patience);
	await expect(engineOf(page)).toContainText('Tiny Llama');
	await expect(bannerOf(page)).toHaveCount(0);
	await ask(page, question);
	await expect(lastAnswer(page)).toContainText('Written by Tiny Llama.', patience);
});

test('an engine whose worker dies in the middle of an answer starts again', async ({ profile }) => {
	test.setTimeout(240_000);
	const page = await profile.open('/');
	await openLibrary(page);
	await download(modelOf(page, 'Endless Llama'));
	await ask(page, question);
	await tryInThisChat(page, 'Endless Llama');
	await page.getByRole('textbox', { name: 'Message' }).fill('Tell me more.');
	await page.getByRole('button', { name: 'Send' }).click();
	await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible();
	await expect(page.getByRole('article', { name: 'Assistant' })).toHaveCount(2);
	// It babbles in short words, as nothing else in the article does.
	await expect(lastAnswer(page)).toContainText(/( [a-z]{1,2}){5}/, patience);
	const dying = engineWorkers(page)
		.at(-1)
		?.evaluate(() => {
			setTimeout(() => {
				throw new Error('the test ends this worker');
			});
		});
	// It may be gone before it can say that it has understood.
	await dying?.catch(() => undefined);
	await expect(page.getByRole('button', { name: 'Send' })).toBeVisible({ timeout: 120_000 });
	await expect(lastAnswer(page)).toContainText(
		'Endless Llama stopped unexpectedly, so it was started again.'
	);
	await expect(lastAnswer(page)).toContainText('Written by Endless Llama');
	await expect(page.getByRole('article', { name: 'You' })).toHaveCount(2);
	await page.reload();
	await expect(page.getByRole('article')).toHaveCount(4);
	await expect(lastAnswer(page)).toContainText('so it was started again.');
	// That an error was thrown where nobody catches it is what this test is about.
	const others = profile.complaints.filter((text) => !text.includes('the test ends this worker'));
	profile.complaints.splice(0, Infinity, ...others);
});
