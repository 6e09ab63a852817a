import type { Locator, Page } from '@playwright/test';
import { markdownFile, type TestFile } from './documents.ts';
import { strayBert } from './hub-models.ts';
import {
	buttonOf,
	download,
	expectInstalled,
	modelOf,
	openLibrary,
	useHub
} from './library-steps.ts';
import { expect, test } from './profile.ts';
import { addDocuments, planUpgrade, search, upgrade } from './steps.ts';
import { tinyModel } from '../fixtures/tiny-models/tiny-models.ts';

async function openDialog(page: Page): Promise<Locator> {
	await page.getByRole('button', { name: 'Add model…' }).click();
	return page.getByRole('dialog', { name: 'Add a model' });
}

async function chooseFiles(page: Page, dialog: Locator, files: readonly TestFile[]): Promise<void> {
	const chooser = page.waitForEvent('filechooser');
	await dialog.getByRole('button', { name: 'Choose files…' }).click();
	await (await chooser).setFiles([...files]);
}

/** The files of a model as a person has them on their disk. */
function filesOf(model: ReadonlyMap<string, Uint8Array>): TestFile[] {
	return [...model].map(([path, bytes]) => ({
		name: path.slice(path.lastIndexOf('/') + 1),
		mimeType: 'application/octet-stream',
		buffer: Buffer.from(bytes)
	}));
}

test('a model is added by its address, in the quantisation that was chosen, and embeds', async ({
	profile,
	hub
}) => {
	test.setTimeout(180_000);
	const page = await profile.open('/');
	await addDocuments(page, [markdownFile]);
	await useHub(page, hub);
	await openLibrary(page);
	const dialog = await openDialog(page);
	const address = dialog.getByRole('textbox', { name: 'Model address' });
	const look = dialog.getByRole('button', { name: 'Look' });

	await test.step('what is no address, and what is not there, is said', async () => {
		await address.fill('stray-bert');
		await look.click();
		await expect(dialog.getByRole('alert')).toContainText('the name of its owner is missing');
		await address.fill('sam-test/nothing');
		await look.click();
		await expect(dialog.getByRole('alert')).toContainText('no public model sam-test/nothing');
	});

	await test.step('the quantisations are offered, the best one chosen', async () => {
		await address.fill(strayBert.repository);
		await address.press('Enter');
		const variants = dialog.getByRole('radiogroup', { name: 'Variant' });
		await expect(variants.getByRole('radio')).toHaveCount(2);
		await expect(variants.getByRole('radio', { name: /^q8/ })).toBeChecked();
		await variants.getByRole('radio', { name: /^fp32/ }).check();
		await dialog.getByRole('textbox', { name: 'Name' }).fill('My own BERT');
		await expect(dialog.getByRole('combobox', { name: 'Task' })).toHaveValue('embed');
		expect(hub.sent('.onnx')).toBe(0);
	});

	await test.step('it is downloaded and verified, that graph alone', async () => {
		await dialog.getByRole('button', { name: 'Add and download' }).click();
		await expect(dialog).toHaveCount(0);
		const model = modelOf(page, 'My own BERT');
		await expectInstalled(model);
		await expect(model).toContainText('added by you');
		await expect(model).toContainText(strayBert.commit.slice(0, 7));
		expect(hub.fileRequests('model_quantized.onnx')).toEqual([]);
	});

	await test.step('it embeds', async () => {
		await planUpgrade(page, { embedding: 'My own BERT' });
		await upgrade(page);
		expect((await search(page, 'swarming begins in May'))[0]).toContain(markdownFile.name);
	});
});

test('a model of this disk is added from its files, without a network; others are told why not', async ({
	profile
}) => {
	const page = await profile.open('/');
	await expect(page.getByRole('status', { name: 'Engine' })).toContainText('ready');
	await openLibrary(page);
	await (await profile.context()).setOffline(true);
	const dialog = await openDialog(page);
	const refused: readonly (readonly [TestFile[], string])[] = [
		[[fileNamed('model.gguf')], 'it is a GGUF file (model.gguf), which needs llama.cpp'],
		[[fileNamed('model.safetensors')], 'it has PyTorch weights only (model.safetensors)'],
		[
			filesOf(strayBert.files).filter(({ name }) => name !== 'tokenizer.json'),
			'tokenizer.json is missing'
		]
	];
	for (const [files, reason] of refused) {
		await chooseFiles(page, dialog, files);
		await expect(dialog.getByRole('alert')).toContainText(reason);
	}
	await chooseFiles(page, dialog, filesOf(strayBert.files));
	await dialog.getByRole('textbox', { name: 'Name' }).fill('Disk BERT');
	await dialog.getByRole('button', { name: 'Add and download' }).click();
	const model = modelOf(page, 'Disk BERT');
	await expectInstalled(model);
	await buttonOf(model, 'Verify').click();
	await expect(page.getByText('Disk BERT: Every byte is as its publisher made it.')).toBeVisible();

	await test.step('one that the catalog knows by its bytes is that model', async () => {
		const again = await openDialog(page);
		await chooseFiles(page, again, filesOf(tinyModel('tiny-bert-96').build()));
		await again.getByRole('button', { name: 'Add and download' }).click();
		await expectInstalled(modelOf(page, 'Tiny BERT 96'));
	});
});

test('a model is written into a folder, deleted, and added from it again, byte for byte', async ({
	profile
}) => {
	const page = await profile.open('/');
	// The browser's own dialog is beyond tests: the page's private folder stands for the one that a person chooses.
	await page.addInitScript(() => {
		const pick = async (): Promise<FileSystemDirectoryHandle> =>
			(await navigator.storage.getDirectory()).getDirectoryHandle('usb-stick', { create: true });
		Object.assign(globalThis, { showDirectoryPicker: pick });
	});
	await page.reload();
	await openLibrary(page);
	const model = modelOf(page, 'Tiny BERT 96');
	await download(model);
	await model.getByText('Details').click();
	const digests = (): Promise<string[]> =>
		model
			.getByRole('table')
			.locator('code')
			.evaluateAll((all: HTMLElement[]) => all.map((code) => code.title));
	const before = await digests();
	expect(before).toHaveLength(4);

	await buttonOf(model, 'Export…').click();
	await expect(page.getByText('Tiny BERT 96 is written to “usb-stick”')).toBeVisible();
	await buttonOf(model, 'Delete').click();
	await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
	await expect(buttonOf(model, 'Download')).toBeVisible();

	await (await profile.context()).setOffline(true);
	const dialog = await openDialog(page);
	await dialog.getByRole('button', { name: 'Choose folder…' }).click();
	await expect(dialog.getByRole('heading', { name: 'Tiny BERT 96' })).toBeVisible();
	await dialog.getByRole('button', { name: 'Add and download' }).click();
	await expectInstalled(model);
	expect(await digests()).toEqual(before);
});

function fileNamed(name: string): TestFile {
	return { name, mimeType: 'application/octet-stream', buffer: Buffer.from('nothing') };
}
