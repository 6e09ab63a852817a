import type { Page } from '@playwright/test';
import { ballastBytes, partBytes } from './hub-models.ts';
import {
	buttonOf,
	expectInstalled,
	modelOf,
	openLibrary,
	shareDone,
	startDownload,
	useHub
} from './library-steps.ts';
import { expect, test, type Profile } from './profile.ts';
import type { TestHub } from './test-hub.ts';

const big = 'Big BERT';

/** A slow download of several parts, on its way. */
async function begin(profile: Profile, hub: TestHub): Promise<Page> {
	const page = await profile.open('/');
	await useHub(page, hub);
	hub.bytesPerSecond = 6e6;
	await openLibrary(page);
	await startDownload(modelOf(page, big));
	return page;
}

async function reopen(profile: Profile): Promise<Page> {
	const page = await profile.open('/memory/engines');
	await expect(page.getByRole('status', { name: 'Engine' })).toContainText('ready');
	return page;
}

test('killed again and again, a download goes on by itself and fetches little twice', async ({
	profile,
	hub
}) => {
	test.setTimeout(180_000);
	let page = await begin(profile, hub);
	const kills = [200, 1500, 2500];
	let before = 0;
	for (const patience of kills) {
		await page.waitForTimeout(patience);
		before = await shareDone(modelOf(page, big));
		await profile.kill();
		page = await reopen(profile);
		await expect(buttonOf(modelOf(page, big), 'Pause')).toBeVisible();
	}
	expect(before).toBeLessThan(1);
	hub.bytesPerSecond = 0;
	await expectInstalled(modelOf(page, big));
	// What was under way at a kill is lost: less than a part.
	expect(hub.sent('ballast.bin')).toBeLessThan(ballastBytes + kills.length * partBytes);
	expect(hub.fileRequests('ballast.bin').some(({ range }) => range !== null)).toBe(true);
	await buttonOf(modelOf(page, big), 'Verify').click();
	await expect(page.getByText(`${big}: Every byte is as its publisher made it.`)).toBeVisible();
});

test('paused, it waits over a restart, and goes on from there days later', async ({
	profile,
	hub
}) => {
	let page = await begin(profile, hub);
	await expect.poll(() => shareDone(modelOf(page, big))).toBeGreaterThan(0.3);
	await buttonOf(modelOf(page, big), 'Pause').click();
	await expect(buttonOf(modelOf(page, big), 'Resume')).toBeVisible();
	const paused = await shareDone(modelOf(page, big));
	await profile.close();

	const asked = hub.requests.length;
	page = await reopen(profile);
	await expect(buttonOf(modelOf(page, big), 'Resume')).toBeVisible();
	expect(await shareDone(modelOf(page, big))).toBeCloseTo(paused);
	await page.waitForTimeout(1500);
	expect(hub.requests.length).toBe(asked);

	const sentBefore = hub.sent('ballast.bin');
	hub.bytesPerSecond = 0;
	await buttonOf(modelOf(page, big), 'Resume').click();
	await expectInstalled(modelOf(page, big));
	const kept = Math.round(paused * ballastBytes);
	expect(hub.sent('ballast.bin') - sentBefore).toBeLessThan(ballastBytes - kept + partBytes);
});

test('connections that break and servers that are busy only cost time', async ({
	profile,
	hub
}) => {
	const page = await profile.open('/');
	await useHub(page, hub);
	hub.fault = ({ kind, time, url }) => {
		if (kind !== 'file' || !url.includes('ballast')) return null;
		if (time === 1) return { kind: 'cut', at: 3 * 2 ** 20 };
		if (time === 2) return { kind: 'status', status: 503, retryAfter: 1 };
		return time === 3 ? { kind: 'cut', at: 21 * 2 ** 20 } : null;
	};
	await openLibrary(page);
	const model = modelOf(page, big);
	await buttonOf(model, 'Download').click();
	await expectInstalled(model);
	expect(hub.fileRequests('ballast.bin').length).toBeGreaterThanOrEqual(4);
	expect(hub.sent('ballast.bin')).toBeLessThan(ballastBytes + partBytes);
});
