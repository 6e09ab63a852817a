import { expectAccessible } from './expect-accessible.ts';
import { strayBert } from './hub-models.ts';
import {
	buttonOf,
	download,
	modelOf,
	openLibrary,
	shareDone,
	startDownload,
	useHub
} from './library-steps.ts';
import { expect, test } from './profile.ts';

test('Core Engines and its dialogs break no rule of WCAG 2.2 AA, in any look', async ({
	profile,
	hub
}) => {
	test.setTimeout(300_000);
	const page = await profile.open('/');
	await useHub(page, hub);
	await expectAccessible(page, 'Settings with a mirror');
	await openLibrary(page);
	const find = page.getByRole('searchbox', { name: 'Search models' });
	await find.fill('nothing is called like this');
	await expectAccessible(page, 'a search without results');
	await find.fill('bert');
	await download(modelOf(page, 'Tiny BERT 64'));

	await test.step('downloads in every state', async () => {
		hub.bytesPerSecond = 100_000;
		const model = modelOf(page, 'Big BERT');
		await startDownload(model);
		await expect.poll(() => shareDone(model)).toBeGreaterThan(0);
		await buttonOf(modelOf(page, 'Tiny BERT 96'), 'Download').click();
		await modelOf(page, 'Tiny BERT 64').getByText('Details').click();
		await expectAccessible(page, 'downloads that run and wait, and the files of a model');
		await buttonOf(model, 'Pause').click();
		await expect(buttonOf(model, 'Resume')).toBeVisible();
		await expectAccessible(page, 'a download that is paused');
	});

	await test.step('what will be downloaded', async () => {
		hub.bytesPerSecond = 0;
		await buttonOf(modelOf(page, 'Hub BERT'), 'Download').click();
		await expect(page.getByRole('dialog', { name: 'What will be downloaded' })).toBeVisible();
		await expectAccessible(page, 'what will be downloaded');
		await page.keyboard.press('Escape');
	});

	await test.step('add a model', async () => {
		await page.getByRole('button', { name: 'Add model…' }).click();
		const dialog = page.getByRole('dialog', { name: 'Add a model' });
		await dialog.getByRole('textbox', { name: 'Model address' }).fill('http://example.com/model');
		await dialog.getByRole('button', { name: 'Look' }).click();
		await expectAccessible(page, 'a host that is new, or an address that is wrong');
		await dialog.getByRole('textbox', { name: 'Model address' }).fill(strayBert.repository);
		await dialog.getByRole('button', { name: 'Look' }).click();
		await expect(dialog.getByRole('radiogroup', { name: 'Variant' })).toBeVisible();
		await expectAccessible(page, 'a model that was found');
		await page.keyboard.press('Escape');
	});

	await test.step('delete, and free space', async () => {
		await buttonOf(modelOf(page, 'Tiny BERT 64'), 'Delete').click();
		await expect(page.getByRole('alertdialog')).toBeVisible();
		await expectAccessible(page, 'a question before a model is deleted');
		await page.keyboard.press('Escape');
		const session = await (await profile.context()).newCDPSession(page);
		const quotaSize = await page.evaluate(
			async () => ((await navigator.storage.estimate()).usage ?? 0) + 1e6
		);
		const { origin } = new URL(page.url());
		await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize });
		await buttonOf(modelOf(page, 'Big BERT'), 'Resume').click();
		await buttonOf(modelOf(page, 'Big BERT'), 'Free space…').click();
		await expect(page.getByRole('dialog', { name: 'Free space' })).toBeVisible();
		await expectAccessible(page, 'free space');
	});
});
