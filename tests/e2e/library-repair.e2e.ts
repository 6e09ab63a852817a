import type { Page } from '@playwright/test';
import { bigBert, partBytes } from './hub-models.ts';
import {
	buttonOf,
	download,
	expectInstalled,
	modelOf,
	openLibrary,
	useHub
} from './library-steps.ts';
import { expect, test, type Profile } from './profile.ts';
import type { TestHub } from './test-hub.ts';
import { digestsOf } from '../fixtures/fake-hub/fake-repository.ts';

const big = 'Big BERT';

/** The key of a part of the large file in the browser's storage. */
function partKey(part: number): string {
	const { sha256 } = digestsOf(bigBert().files.get('extra/ballast.bin') ?? new Uint8Array());
	return `${sha256}/${part}`;
}

async function prepare(profile: Profile, hub: TestHub): Promise<Page> {
	const page = await profile.open('/');
	await useHub(page, hub);
	await openLibrary(page);
	await download(modelOf(page, big));
	return page;
}

/** Deletes parts behind the app's back, as the browser does when space is short. */
function losePart(page: Page, key: string): Promise<boolean> {
	return page.evaluate(async (lost) => {
		const cache = await caches.open('sam-models');
		const requests = await cache.keys();
		const found = requests.find(({ url }) => decodeURIComponent(url).endsWith(lost));
		return found ? cache.delete(found) : false;
	}, key);
}

/** Changes one byte of a part behind the app's back, as a failing disk does. */
function spoilPart(page: Page, key: string): Promise<boolean> {
	return page.evaluate(async (spoilt) => {
		const cache = await caches.open('sam-models');
		const requests = await cache.keys();
		const found = requests.find(({ url }) => decodeURIComponent(url).endsWith(spoilt));
		const body = found && (await (await cache.match(found))?.arrayBuffer());
		if (!found || !body) return false;
		const bytes = new Uint8Array(body);
		bytes[1000] = (bytes[1000] ?? 0) ^ 1;
		await cache.delete(found);
		await cache.put(found, new Response(bytes));
		return true;
	}, key);
}

test('Verify finds the part that the disk has spoilt, and fetches that part alone', async ({
	profile,
	hub
}) => {
	const page = await prepare(profile, hub);
	const model = modelOf(page, big);
	await buttonOf(model, 'Verify').click();
	await expect(page.getByText(`${big}: Every byte is as its publisher made it.`)).toBeVisible();
	expect(await spoilPart(page, partKey(2))).toBe(true);
	const before = hub.sent('');
	await buttonOf(model, 'Verify').click();
	await expect(page.getByText(`${big}: One damaged part was downloaded again.`)).toBeVisible();
	await expectInstalled(model);
	const requests = hub.fileRequests('ballast.bin');
	expect(requests.at(-1)?.range).toBe(`bytes=${2 * partBytes}-${3 * partBytes - 1}`);
	expect(hub.sent('') - before).toBe(partBytes);
	await buttonOf(model, 'Verify').click();
	await expect(page.getByText(`${big}: Every byte is as its publisher made it.`)).toBeVisible();
});

test('what the browser has cleared is noticed at the next start, named, and repaired', async ({
	profile,
	hub
}) => {
	let page = await prepare(profile, hub);
	for (const part of [1, 4]) expect(await losePart(page, partKey(part))).toBe(true);
	await page.close();
	const asked = hub.requests.length;
	page = await profile.open('/');
	const banner = page.getByRole('alert').filter({ hasText: big });
	await expect(banner).toContainText('are gone');
	await expect(banner).toContainText('Repair');
	await openLibrary(page);
	const model = modelOf(page, big);
	await expect(model).toContainText('damaged');
	await expect(model).toContainText('are gone or damaged');
	await expect(buttonOf(model, 'Verify')).toHaveCount(0);
	expect(hub.requests.length).toBe(asked);

	const before = hub.sent('');
	await buttonOf(model, 'Repair').click();
	await expectInstalled(model);
	await expect(model).not.toContainText('damaged');
	const last = (bigBert().files.get('extra/ballast.bin')?.byteLength ?? 0) - 4 * partBytes;
	expect(hub.sent('') - before).toBe(partBytes + last);
});

test('a whole cache that is gone is brought back, and damage that stays is told', async ({
	profile,
	hub
}) => {
	let page = await prepare(profile, hub);
	await page.evaluate(() => caches.delete('sam-models'));
	await page.close();
	page = await profile.open('/memory/engines');
	const model = modelOf(page, big);
	hub.fault = ({ kind }) => (kind === 'file' ? { kind: 'status', status: 404 } : null);
	await buttonOf(model, 'Repair').click();
	await expect(model).toContainText('status 404');
	await expect(buttonOf(model, 'Repair')).toBeVisible();
	hub.fault = () => null;
	await buttonOf(model, 'Repair').click();
	await expectInstalled(model);
});
