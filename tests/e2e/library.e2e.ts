import { markdownFile } from './documents.ts';
import { bigBert, hubBert } from './hub-models.ts';
import {
	buttonOf,
	download,
	expectInstalled,
	modelOf,
	openLibrary,
	startDownload,
	useHub
} from './library-steps.ts';
import { expect, test } from './profile.ts';
import { addDocuments, planUpgrade, search, upgrade } from './steps.ts';
import { digestsOf } from '../fixtures/fake-hub/fake-repository.ts';

test('files that only the publisher knows are shown, agreed to, verified, and then embed', async ({
	profile,
	hub
}) => {
	const page = await profile.open('/');
	await addDocuments(page, [markdownFile]);
	await useHub(page, hub);
	expect(hub.requests).toEqual([]);
	await openLibrary(page);
	const model = modelOf(page, 'Hub BERT');
	await expect(model).toContainText('size is asked for at download');
	await buttonOf(model, 'Download').click();

	const dialog = page.getByRole('dialog', { name: 'What will be downloaded' });
	await test.step('the dialog names every file, its size and its digest, and the commit', async () => {
		await expect(dialog).toContainText(hubBert.commit);
		await expect(dialog).toContainText('4 files');
		const files = dialog.getByRole('table', { name: 'Files' });
		for (const path of ['config.json', 'tokenizer.json', 'onnx/model.onnx']) {
			const bytes = hubBert.files.get(path) ?? new Uint8Array();
			const row = files.getByRole('row').filter({ hasText: new RegExp(`^\\s*${path}`) });
			await expect(row).toContainText(digestsOf(bytes).sha256.slice(0, 12));
			await expect(row).toContainText(/\d [kM]?B/i);
		}
		await expect(files).not.toContainText('README.md');
	});

	await test.step('nothing is downloaded before it is agreed to', async () => {
		await dialog.getByRole('button', { name: 'Cancel' }).click();
		await expect(dialog).toHaveCount(0);
		expect(hub.sent('model.onnx')).toBe(0);
	});

	await test.step('it is downloaded and verified', async () => {
		await buttonOf(model, 'Download').click();
		await dialog.getByRole('button', { name: 'Download' }).click();
		await expectInstalled(model);
		await expect(page.getByText('Hub BERT is downloaded and verified.')).toBeVisible();
		expect(hub.sent('model.onnx')).toBe(hubBert.files.get('onnx/model.onnx')?.byteLength);
	});

	await test.step('it embeds', async () => {
		await planUpgrade(page, { embedding: 'Hub BERT' });
		await upgrade(page);
		expect((await search(page, 'swarming begins in May'))[0]).toContain(markdownFile.name);
		await openLibrary(page);
		await expect(model).toContainText('in use');
		await expect(buttonOf(model, 'Delete')).toBeDisabled();
	});
});

test('deleting a model leaves the files that another one has', async ({ profile }) => {
	const page = await profile.open('/');
	await openLibrary(page);
	const small = modelOf(page, 'Tiny BERT 64');
	const large = modelOf(page, 'Tiny BERT 96');
	for (const model of [small, large]) await download(model);
	await expect(small).toContainText('Shares files with Tiny BERT 96.');
	await buttonOf(small, 'Delete').click();
	const question = page.getByRole('alertdialog');
	await expect(question).toContainText('Files that Tiny BERT 96 uses too stay.');
	const promised = /gives ([\d.]+ \w+) back/.exec(await question.innerText())?.[1] ?? 'nothing';
	await question.getByRole('button', { name: 'Delete' }).click();
	await expect(page.getByText(`Tiny BERT 64 is deleted: ${promised} freed.`)).toBeVisible();
	await expect(buttonOf(small, 'Download')).toBeVisible();
	await buttonOf(large, 'Verify').click();
	await expect(
		page.getByText('Tiny BERT 96: Every byte is as its publisher made it.')
	).toBeVisible();
	await expect(large).not.toContainText('Shares files');
});

test('downloads wait for one another, and the next one can be chosen', async ({ profile, hub }) => {
	const page = await profile.open('/');
	await useHub(page, hub);
	hub.bytesPerSecond = 2e6;
	await openLibrary(page);
	const [first, second, third] = [
		modelOf(page, 'Big BERT'),
		modelOf(page, 'Tiny BERT 64'),
		modelOf(page, 'Tiny BERT 96')
	];
	await startDownload(first);
	for (const model of [second, third]) await buttonOf(model, 'Download').click();
	await expect(second).toContainText('Waits for its turn, number 1 of 2.');
	await buttonOf(third, 'Earlier').click();
	await expect(third).toContainText('number 1 of 2.');
	await expect(second).toContainText('number 2 of 2.');
	await buttonOf(second, 'Pause').click();
	await expect(second).toContainText('paused');
	await buttonOf(first, 'Pause').click();
	await expectInstalled(third);
	await expect(buttonOf(second, 'Resume')).toBeVisible();
	await expect(buttonOf(first, 'Resume')).toBeVisible();
	expect(hub.sent('ballast.bin')).toBeLessThan(
		bigBert().files.get('extra/ballast.bin')!.byteLength
	);
});

test('a catalog that cannot be read takes nothing of what is here away', async ({ profile }) => {
	let page = await profile.open('/');
	await addDocuments(page, [markdownFile]);
	await openLibrary(page);
	await download(modelOf(page, 'Tiny BERT 64'));
	await planUpgrade(page, { embedding: 'Tiny BERT 64' });
	await upgrade(page);
	await page.evaluate(async () => {
		for (const name of await caches.keys()) {
			const cache = await caches.open(name);
			for (const request of await cache.keys())
				if (request.url.includes('catalog.json'))
					await cache.put(request, new Response('{"version": 2, "mo'));
		}
	});
	await page.close();

	page = await profile.open('/');
	await expect(page.getByText('The model catalog is damaged: it is not JSON.')).toBeVisible();
	await expect(page.getByText('Reload the app.')).toBeVisible();
	expect((await search(page, 'swarming begins in May'))[0]).toContain(markdownFile.name);
	await openLibrary(page);
	await expectInstalled(modelOf(page, 'Tiny BERT 64'));
	await expect(modelOf(page, 'Starter 1')).toContainText('built in');
});
