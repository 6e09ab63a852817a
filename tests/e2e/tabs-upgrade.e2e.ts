import type { Page } from '@playwright/test';
import { longFile, markdownFile } from './documents.ts';
import { expect, test, type Profile } from './profile.ts';
import { addDocuments, planUpgrade, search } from './steps.ts';

const patience = { timeout: 90_000 };
const engineOf = (page: Page) => page.getByRole('status', { name: 'Engine' });
const progressOf = (page: Page) => page.getByRole('progressbar', { name: 'Upgrade progress' });
const followsBanner = (page: Page) => page.getByText('SAM is in use in another tab.');

/** How many passages have been embedded, as that tab shows it. */
async function embedded(page: Page): Promise<number> {
	const text = (await progressOf(page).getAttribute('aria-valuetext')) ?? '';
	return Number(/(\d+) of \d+ passages/.exec(text)?.[1] ?? 0);
}

/** Whether that tab shows some of the passages as embedded, and not yet all. */
async function midway(page: Page): Promise<boolean> {
	const text = (await progressOf(page).getAttribute('aria-valuetext')) ?? '';
	const [, done, total] = /(\d+) of (\d+) passages/.exec(text) ?? [];
	return Number(done) > 0 && Number(done) < Number(total);
}

/** A tab that re-embeds, and one that watches. */
async function underWay(profile: Profile): Promise<{ leader: Page; follower: Page }> {
	const leader = await profile.open('/');
	await addDocuments(leader, [longFile(900), markdownFile]);
	await planUpgrade(leader, { chat: 'Starter 2', embedding: 'Starter 2' });
	const follower = await profile.open('/memory/knowledge');
	await expect(followsBanner(follower)).toBeVisible();
	await leader.getByRole('button', { name: 'Start upgrade' }).click();
	await follower.goto(new URL('/upgrade', follower.url()).href);
	await expect(progressOf(follower)).toBeVisible(patience);
	return { leader, follower };
}

async function untilEmbedding(page: Page): Promise<void> {
	await expect.poll(() => embedded(page), { intervals: [20], ...patience }).toBeGreaterThan(0);
}

/** The upgrade has ended in that tab, well, and everything is there. */
async function expectUpgraded(page: Page): Promise<void> {
	await expect(engineOf(page)).toContainText('trial', patience);
	await expect(engineOf(page)).toContainText('Starter 2');
	expect((await search(page, 'entry 345 of the ledger'))[0]).toContain('ledger.md');
	await expect(page.getByRole('table', { name: 'Documents' }).getByRole('row')).toHaveCount(3);
}

test('a tab that follows shows how far the upgrade is, and the switch', async ({ profile }) => {
	test.setTimeout(240_000);
	const { leader, follower } = await underWay(profile);
	// How many counts there are depends on how fast the machine is; what matters is that one comes in mid-way.
	await expect.poll(() => midway(follower), { intervals: [20], ...patience }).toBe(true);
	await expect(engineOf(follower)).toContainText('trial', patience);
	await expect(engineOf(leader)).toContainText('trial', patience);
	await expect(engineOf(follower)).toContainText('Starter 2');
});

test('an upgrade goes on in the other tab when the one that runs it is closed', async ({
	profile
}) => {
	test.setTimeout(240_000);
	const { leader, follower } = await underWay(profile);
	await untilEmbedding(leader);
	await leader.close();
	await expect(followsBanner(follower)).toHaveCount(0, patience);
	await expectUpgraded(follower);
});

test('an upgrade goes on in the other tab when the one that runs it crashes', async ({
	profile
}) => {
	test.setTimeout(240_000);
	const { leader, follower } = await underWay(profile);
	await untilEmbedding(leader);
	const crashed = leader.waitForEvent('crash');
	const session = await leader.context().newCDPSession(leader);
	session.send('Page.crash').catch(() => undefined);
	await crashed;
	await expect(followsBanner(follower)).toHaveCount(0, patience);
	await expectUpgraded(follower);
});

test('"Use here" hands a running upgrade over, and back again', async ({ profile }) => {
	test.setTimeout(240_000);
	const { leader, follower } = await underWay(profile);
	await untilEmbedding(leader);
	await follower.getByRole('button', { name: 'Use here' }).click();
	await expect(followsBanner(follower)).toHaveCount(0);
	await expect(followsBanner(leader)).toBeVisible();
	await leader.bringToFront();
	await leader.getByRole('button', { name: 'Use here' }).click();
	await expect(followsBanner(leader)).toHaveCount(0);
	await expect(followsBanner(follower)).toBeVisible();
	await expectUpgraded(leader);
});
