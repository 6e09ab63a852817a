import type { Locator, Page } from '@playwright/test';
import { markdownFile, wordyFile } from '../documents.ts';
import { expect, test, type Profile } from '../profile.ts';
import { addDocuments, ask, planUpgrade, search } from '../steps.ts';
import { expectIndexed, expectWhole, readStoredData, type StoredData } from '../stored-data.ts';

const patience = { timeout: 180_000 };
const engineOf = (page: Page): Locator => page.getByRole('status', { name: 'Engine' });

/** An upgrade in the middle of re-embedding, and what lay on the disk before. */
async function upgradeUnderWay(profile: Profile): Promise<{ page: Page; before: StoredData }> {
	const page = await profile.open('/');
	await addDocuments(page, [wordyFile('almanac.md', 2500), markdownFile]);
	await expectIndexed(page);
	await ask(page, 'When does swarming begin?');
	const before = await readStoredData(page);
	await planUpgrade(page, { embedding: 'Tiny BERT 96', uncompared: true });
	await page.getByRole('button', { name: 'Start upgrade' }).click();
	await expect(page.getByRole('progressbar', { name: 'Upgrade progress' })).toHaveAttribute(
		'aria-valuetext',
		/ [1-9]\d* of/,
		patience
	);
	return { page, before };
}

test('an engine whose worker dies while it re-embeds is started anew, and the upgrade goes on', async ({
	profile
}) => {
	test.setTimeout(10 * 60_000);
	const { page, before } = await upgradeUnderWay(profile);
	const worker = page.workers().findLast((one) => one.url().includes('engine'));
	const ended = worker?.waitForEvent('close');
	const dying = worker?.evaluate(() => {
		setTimeout(() => {
			throw new Error('the test ends this worker');
		});
	});
	// It may be gone before it can say that it has understood.
	await dying?.catch(() => undefined);
	expect(await ended).toBe(worker);
	// A fresh engine goes on where the one that died was.
	await expect(engineOf(page)).toContainText('trial', patience);
	await expect(page.getByRole('main')).not.toContainText('The previous engine is in use.');
	expectWhole(await readStoredData(page), before);
	expect((await search(page, 'royal jelly')).join('\n')).toContain(markdownFile.name);
	const others = profile.complaints.filter((text) => !text.includes('the test ends this worker'));
	profile.complaints.splice(0, Infinity, ...others);
});

test('a graphics process that crashes while it re-embeds does no harm', async ({ profile }) => {
	test.skip(process.platform === 'win32', 'ends a process by its number');
	test.setTimeout(10 * 60_000);
	const { page, before } = await upgradeUnderWay(profile);
	const session = await page.context().browser()?.newBrowserCDPSession();
	const { processInfo } = (await session?.send('SystemInfo.getProcessInfo')) ?? {};
	const graphics = processInfo?.filter(({ type }) => type === 'GPU') ?? [];
	expect(graphics).toHaveLength(1);
	for (const { id } of graphics) process.kill(id, 'SIGKILL');
	await expect(engineOf(page)).toContainText('trial', patience);
	expectWhole(await readStoredData(page), before);
	expect((await search(page, 'royal jelly')).join('\n')).toContain(markdownFile.name);
});
