import {
	buttonOf,
	download,
	expectInstalled,
	modelOf,
	openLibrary,
	shareDone,
	startDownload,
	useHub
} from './library-steps.ts';
import { expect, test } from './profile.ts';
import { setQuota, usageOf } from './quota.ts';

test('a model that does not fit is refused with numbers before its first byte', async ({
	profile,
	hub
}) => {
	const page = await profile.open('/');
	await useHub(page, hub);
	await openLibrary(page);
	await download(modelOf(page, 'Tiny BERT 64'));
	await setQuota(profile, page, (await usageOf(page)) + 8e6);
	const model = modelOf(page, 'Big BERT');
	await buttonOf(model, 'Download').click();
	await expect(model).toContainText(/Big BERT needs [\d.]+ MB more/);
	expect(hub.requests).toEqual([]);

	await buttonOf(model, 'Free space…').click();
	const dialog = page.getByRole('dialog', { name: 'Free space' });
	await expect(dialog).toContainText(/Big BERT needs [\d.]+ MB more/);
	const others = dialog.getByRole('list', { name: 'Models that can be deleted' });
	await expect(others).toContainText('Tiny BERT 64');
	await others.getByRole('button', { name: 'Delete' }).click();
	await expect(dialog).toContainText('No model can be deleted');
	await setQuota(profile, page, null);
	await dialog.getByRole('button', { name: 'Resume' }).click();
	await expectInstalled(model);
	await expect(buttonOf(modelOf(page, 'Tiny BERT 64'), 'Download')).toBeVisible();
});

test('space that runs out in mid-download pauses it, and nothing is lost', async ({
	profile,
	hub
}) => {
	const page = await profile.open('/');
	await useHub(page, hub);
	hub.bytesPerSecond = 6e6;
	await openLibrary(page);
	const model = modelOf(page, 'Big BERT');
	await startDownload(model);
	await expect.poll(() => shareDone(model)).toBeGreaterThan(0.25);
	await setQuota(profile, page, await usageOf(page));
	await expect(model).toContainText('The browser has no more room for SAM.', { timeout: 30_000 });
	await expect(buttonOf(model, 'Free space…')).toBeVisible();
	expect(await shareDone(model)).toBeGreaterThan(0.2);

	await setQuota(profile, page, null);
	hub.bytesPerSecond = 0;
	await buttonOf(model, 'Resume').click();
	await expectInstalled(model);
});
