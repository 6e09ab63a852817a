import { strayBert } from './hub-models.ts';
import { tabAndPress, tabTo } from './keyboard.ts';
import { buttonOf, expectInstalled, modelOf, openLibrary, useHub } from './library-steps.ts';
import { expect, test } from './profile.ts';

test('models are found, downloaded, paused, resumed and added without a mouse', async ({
	profile,
	hub
}) => {
	test.setTimeout(180_000);
	const page = await profile.open('/');
	await useHub(page, hub);
	await openLibrary(page);

	await test.step('search', async () => {
		const search = page.getByRole('searchbox', { name: 'Search models' });
		await tabTo(page, search);
		await page.keyboard.type('bert hub');
		await expect(page.getByRole('list', { name: 'Models' }).getByRole('heading')).toHaveCount(2);
	});

	await test.step('download after a look at the files; Escape changes nothing', async () => {
		const model = modelOf(page, 'Hub BERT');
		const dialog = page.getByRole('dialog', { name: 'What will be downloaded' });
		await tabAndPress(page, buttonOf(model, 'Download'));
		await expect(dialog).toBeVisible();
		await page.keyboard.press('Escape');
		await expect(dialog).toHaveCount(0);
		await expect(buttonOf(model, 'Download')).toBeFocused();
		await page.keyboard.press('Enter');
		await tabAndPress(page, dialog.getByRole('button', { name: 'Download' }));
		await expectInstalled(model);
		await expect(model.getByRole('button').first()).toBeFocused();
	});

	await test.step('pause and resume', async () => {
		const model = modelOf(page, 'Big BERT');
		hub.bytesPerSecond = 4e6;
		await tabAndPress(page, buttonOf(model, 'Download'));
		await expect(buttonOf(model, 'Pause')).toBeFocused();
		await expect(model.getByRole('progressbar')).toBeVisible();
		await page.keyboard.press('Enter');
		await expect(buttonOf(model, 'Resume')).toBeFocused();
		hub.bytesPerSecond = 0;
		await page.keyboard.press('Enter');
		await expectInstalled(model);
		await expect(buttonOf(model, 'Verify')).toBeFocused();
	});

	await test.step('add a model by its address', async () => {
		const add = page.getByRole('button', { name: 'Add model…' });
		await tabTo(page, add, 'Shift+Tab');
		await page.keyboard.press('Enter');
		const dialog = page.getByRole('dialog', { name: 'Add a model' });
		await tabTo(page, dialog.getByRole('textbox', { name: 'Model address' }));
		await page.keyboard.type(strayBert.repository);
		await page.keyboard.press('Enter');
		await expect(dialog.getByRole('heading', { name: strayBert.repository })).toBeFocused();
		await tabTo(page, dialog.getByRole('radio', { name: /^q8/ }));
		await page.keyboard.press('ArrowUp');
		await expect(dialog.getByRole('radio', { name: /^fp32/ })).toBeChecked();
		await tabAndPress(page, dialog.getByRole('button', { name: 'Add and download' }));
		await expect(dialog).toHaveCount(0);
		await expectInstalled(modelOf(page, 'stray-bert (fp32)'));
	});
});
