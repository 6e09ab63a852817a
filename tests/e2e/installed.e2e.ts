import { htmlFile, longFile, markdownFile, pdfFile } from './documents.ts';
import { expect, test } from './profile.ts';
import { addDocuments, planUpgrade } from './steps.ts';

// About somebody who has never been here before.
test.use({ firstVisit: true });

test('every page of the app opens offline after the first visit', async ({ profile }) => {
	const page = await profile.open('/');
	await addDocuments(page, [markdownFile]);
	const context = await profile.context();
	const pdf = await pdfFile(context);
	await context.setOffline(true);
	const headings: Record<string, string | RegExp> = {
		'/memory/knowledge': 'Knowledge',
		'/memory/engines': 'Core Engines',
		'/memory/backups': 'Backups',
		'/memory/history': 'History',
		'/tuner': 'Personalized Tuner',
		'/settings': 'Settings',
		'/help': 'Help',
		'/upgrade': 'Step 1 of 5: Choose',
		'/': 'Chat'
	};
	for (const [path, heading] of Object.entries(headings)) {
		await page.goto(new URL(path, page.url()).href);
		await expect(page.getByRole('heading', { level: 1, name: heading })).toBeAttached();
	}
	await expect(page.getByRole('status', { name: 'Engine' })).toContainText('ready');

	await test.step('also the readers of documents that were not needed before', async () => {
		await addDocuments(page, [pdf, htmlFile]);
	});
});

test('workers are bound by the policy: they reach no host that the app has not named', async ({
	profile
}) => {
	const page = await profile.open('/');
	await expect(page.getByRole('status', { name: 'Engine' })).toContainText('ready');
	const workers = page.workers().filter((worker) => worker.url().includes('knowledge'));
	expect(workers.length).toBeGreaterThan(0);
	const outcome = await workers[0]?.evaluate(async () => {
		const violation = new Promise<string>((resolve) =>
			self.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective))
		);
		await fetch('https://example.com/').catch(() => undefined);
		return violation;
	});
	expect(outcome).toBe('connect-src');
	// The refusal that this test provoked is reported on the console; it is what is wanted here.
	profile.complaints.splice(0, profile.complaints.length);
});

test('the app can be installed: manifest, icons, start page', async ({ profile, baseURL }) => {
	const page = await profile.open('/');
	const href = await page.locator('link[rel=manifest]').getAttribute('href');
	const address = new URL(href ?? '', page.url()).href;
	const manifest = (await (await page.request.get(address)).json()) as {
		name: string;
		display: string;
		start_url: string;
		icons: { src: string; sizes: string; purpose?: string }[];
	};
	expect(manifest.name).toBe('SAM');
	expect(manifest.display).toBe('standalone');
	expect(new URL(manifest.start_url, address).href).toBe(new URL('/', baseURL).href);
	for (const size of ['192x192', '512x512']) {
		const icon = manifest.icons.find(({ sizes }) => sizes === size);
		const image = await page.request.get(new URL(icon?.src ?? '', address).href);
		expect(image.headers()['content-type']).toBe('image/png');
	}
	expect(manifest.icons.some(({ purpose }) => purpose === 'maskable')).toBe(true);
});

test('a new version is held back in every tab while an upgrade runs, and applied on demand', async ({
	profile,
	baseURL
}) => {
	test.setTimeout(240_000);
	const page = await profile.open('/');
	// It leads before there is another.
	await expect(page.getByRole('status', { name: 'Engine' })).toContainText('ready');
	const follower = await profile.open('/settings');
	const held = 'A new version of SAM is ready. It can be loaded after the upgrade.';
	const offer = 'A new version of SAM is ready.';
	await addDocuments(page, [longFile(300)]);
	await planUpgrade(page, { embedding: 'Starter 2', askFirst: true });
	await page.getByRole('button', { name: 'Start upgrade' }).click();
	// It is under way until the user says so.
	await expect(page.getByRole('button', { name: 'Switch now' })).toBeVisible({ timeout: 60_000 });

	const context = await profile.context();
	await context.addCookies([{ name: 'sam-test-version', value: 'next', url: baseURL ?? '' }]);
	const waits = await page.evaluate(async () => {
		const registration = await navigator.serviceWorker.ready;
		await registration.update();
		while (!registration.waiting) await new Promise((resolve) => setTimeout(resolve, 50));
		return true;
	});
	expect(waits).toBe(true);
	for (const tab of [page, follower]) {
		await expect(tab.getByText(held)).toBeVisible();
		await expect(tab.getByRole('button', { name: 'Reload' })).toHaveCount(0);
	}

	await page.getByRole('button', { name: 'Stop' }).click();
	for (const tab of [page, follower]) {
		await expect(tab.getByText(offer, { exact: true })).toBeVisible();
		await expect(tab.getByRole('button', { name: 'Reload' })).toBeVisible();
	}
	await Promise.all([
		page.waitForEvent('load'),
		page.getByRole('button', { name: 'Reload' }).click()
	]);
	await expect(page.getByRole('status', { name: 'Engine' })).toContainText('ready');
	await expect(page.getByText(offer)).toHaveCount(0);

	await test.step('the other tab, which runs the old version, asks for a reload', async () => {
		await expect(follower.getByText('Reload this tab.')).toBeVisible();
		await expect(follower.getByText(offer)).toHaveCount(0);
		await follower.bringToFront();
		await follower.getByRole('button', { name: 'Reload' }).click();
		await expect(follower.getByText('SAM is in use in another tab.')).toBeVisible();
		await expect(follower.getByText('Reload this tab.')).toHaveCount(0);
	});
});
