import { markdownFile } from './documents.ts';
import { hubBert, newerHubBert } from './hub-models.ts';
import { buttonOf, expectInstalled, modelOf, openLibrary, useHub } from './library-steps.ts';
import { expect, test } from './profile.ts';
import { addDocuments, planUpgrade, search, upgrade } from './steps.ts';

test('a newer revision stands beside the old one, is an upgrade, and can be undone', async ({
	profile,
	hub
}) => {
	test.setTimeout(240_000);
	const page = await profile.open('/');
	await addDocuments(page, [markdownFile]);
	await useHub(page, hub);
	await openLibrary(page);
	const check = page.getByRole('button', { name: 'Check for updates' });
	const [older, newer] = [hubBert, newerHubBert].map(({ commit }) =>
		modelOf(page, 'Hub BERT', commit.slice(0, 7))
	) as [ReturnType<typeof modelOf>, ReturnType<typeof modelOf>];

	await test.step('install the first revision and use it', async () => {
		await buttonOf(modelOf(page, 'Hub BERT'), 'Download').click();
		await page.getByRole('dialog').getByRole('button', { name: 'Download' }).click();
		await expectInstalled(older);
		await planUpgrade(page, { embedding: 'Hub BERT' });
		await upgrade(page);
		await page.getByRole('main').getByRole('button', { name: 'Keep' }).click();
		await expect(page.getByRole('status', { name: 'Engine' })).toContainText('ready');
	});

	await test.step('nothing is new until its publisher publishes', async () => {
		await openLibrary(page);
		await check.click();
		await expect(page.getByText('No model on this device has a newer revision.')).toBeVisible();
		hub.publish(newerHubBert);
		await check.click();
		await expect(page.getByText('1 model has a newer revision.')).toBeVisible();
		await expect(older).toContainText('There is a newer revision of it in this list.');
		await expect(newer).toContainText('An older revision is on this device.');
		await expect(buttonOf(newer, 'Download')).toBeVisible();
	});

	await test.step('the wizard offers it as an upgrade of the one in use', async () => {
		await planUpgrade(page, { embedding: 'Hub BERT, newer revision' });
		await upgrade(page);
		expect((await search(page, 'swarming begins in May'))[0]).toContain(markdownFile.name);
		await openLibrary(page);
		for (const model of [older, newer]) {
			await expectInstalled(model);
			await expect(buttonOf(model, 'Delete')).toBeDisabled();
		}
	});

	await test.step('Undo goes back to the revision that was in use', async () => {
		const status = page.getByRole('status', { name: 'Engine' });
		await status.getByRole('button', { name: 'Undo' }).click();
		await expect(status).toContainText('ready', { timeout: 60_000 });
		await expect(older).toContainText('in use');
		await expect(newer).not.toContainText('in use');
		expect((await search(page, 'swarming begins in May'))[0]).toContain(markdownFile.name);
	});
});
