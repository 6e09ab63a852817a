import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tinyAdapter } from '../fixtures/tiny-adapters/tiny-adapter.ts';
import {
	addReviewed,
	chooseAdapterFiles,
	lookAtAdapter,
	openAddAdapter,
	openTuner,
	storedAdapters
} from './adapter-import-steps.ts';
import { expectAccessible } from './expect-accessible.ts';
import { hubDora, hubPickled, hubPirate } from './hub-adapters.ts';
import { tabAndPress, tabTo } from './keyboard.ts';
import { download, modelOf, openLibrary, useHub } from './library-steps.ts';
import { expect, test } from './profile.ts';

const weights = 'adapter_model.safetensors';

test('an adapter is added from its files, without a network, and tied to the model that it was trained on', async ({
	profile
}) => {
	const page = await profile.open('/');
	await openLibrary(page);
	await download(modelOf(page, 'Tiny Llama'));
	await openTuner(page);
	await (await profile.context()).setOffline(true);
	const dialog = await openAddAdapter(page);

	await test.step('what it is is shown before anything is stored', async () => {
		await chooseAdapterFiles(page, dialog, tinyAdapter({ rank: 6 }));
		await expect(dialog.getByRole('textbox', { name: 'Name' })).toHaveValue(
			'Adapter for tiny-llama'
		);
		for (const text of ['tests/tiny-llama', '4 (q_proj, v_proj)', '6'])
			await expect(dialog.getByRole('definition').filter({ hasText: text }).first()).toBeVisible();
		const models = dialog.getByRole('list', { name: 'Chat models of this device' });
		await expect(models.getByRole('listitem').first()).toContainText(/Starter.*does not fit/s);
		await expect(models).toContainText('it has no weights that an adapter could change');
		await expect(models).toContainText(/Tiny Llama.*must be checked/s);
		await expect(
			dialog.getByRole('combobox', { name: 'Base model' }).locator(':checked')
		).toHaveText(/^Tiny Llama/);
		expect(await storedAdapters(page)).toEqual([[], 0]);
	});

	await addReviewed(page, dialog, 'Pirate');
	expect(await storedAdapters(page)).toEqual([['Pirate'], 2]);
	await expect(page.getByRole('button', { name: 'Add adapter…' })).toBeFocused();

	await test.step('the same one again is told, and stored once', async () => {
		const again = await openAddAdapter(page);
		await chooseAdapterFiles(page, again, tinyAdapter({ rank: 6 }));
		await again.getByRole('button', { name: 'Add adapter' }).click();
		await expect(again.getByRole('alert')).toContainText('"Pirate" is here already');
		expect(await storedAdapters(page)).toEqual([['Pirate'], 2]);
	});
});

test('of a folder with several checkpoints, one is chosen', async ({ profile }, testInfo) => {
	const folder = testInfo.outputPath('pirate');
	for (const [place, seed] of [
		['checkpoint-9', 9],
		['checkpoint-10', 10]
	] as const)
		for (const [name, bytes] of tinyAdapter({ seed, shards: seed === 10 ? 2 : 1 })) {
			const path = join(folder, place, name);
			mkdirSync(dirname(path), { recursive: true });
			writeFileSync(path, bytes);
		}
	const page = await profile.open('/');
	// The browser's own dialog is beyond tests; without it the folder comes through a file input.
	await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'showDirectoryPicker'));
	await page.reload();
	await openTuner(page);
	const dialog = await openAddAdapter(page);
	const chooser = page.waitForEvent('filechooser');
	await dialog.getByRole('button', { name: 'Choose folder…' }).click();
	await (await chooser).setFiles(folder);
	await expect(dialog.getByRole('heading', { name: /2 adapters there/ })).toBeFocused();
	await expect(dialog.getByRole('listitem')).toHaveText([/checkpoint-9,/, /checkpoint-10,/]);
	await expectAccessible(page, 'the choice between adapters');
	await dialog.getByRole('button', { name: /^checkpoint-10/ }).click();
	await expect(dialog.getByRole('textbox', { name: 'Name' })).toHaveValue('pirate checkpoint-10');
	await expect(dialog.getByRole('heading', { name: 'pirate/checkpoint-10' })).toBeFocused();
	await addReviewed(page, dialog, 'Ten');
	expect(await storedAdapters(page)).toEqual([['Ten'], 4]);
});

test('an adapter is added by its name on the hub, and every fault of the way is told', async ({
	profile,
	hub
}) => {
	const page = await profile.open('/');
	await useHub(page, hub);
	await openTuner(page);
	const dialog = await openAddAdapter(page);
	const alert = dialog.getByRole('alert');

	await test.step('what cannot be used is refused before its weights are fetched', async () => {
		for (const [address, reason] of [
			['pirate-lora', 'the name of its owner is missing'],
			['sam-test/nothing', 'no public model sam-test/nothing'],
			['sam-test/stray-bert', 'it is a whole model; models are added in Core Engines'],
			[hubPickled.repository, 'adapter_model.bin, a format that can run any code'],
			[hubDora.repository, 'This adapter uses DoRA']
		] as const) {
			await lookAtAdapter(dialog, address);
			await expect(alert).toContainText(reason);
		}
		expect(hub.fileRequests('.bin')).toEqual([]);
		expect(hub.fileRequests(weights)).toEqual([]);
	});

	await test.step('a byte that was changed on the way, and a connection that breaks', async () => {
		const address = `${hub.url}${hubPirate.repository}/tree/main/checkpoint-20`;
		for (const [fault, reason] of [
			[{ kind: 'flip', at: 500 }, 'the SHA-256 differs'],
			[{ kind: 'cut', at: 500 }, 'could not be reached'],
			[{ kind: 'web-page' }, 'answered with a web page instead of']
		] as const) {
			hub.fault = ({ kind, url }) => (kind === 'file' && url.includes(weights) ? fault : null);
			await lookAtAdapter(dialog, address);
			await expect(alert).toContainText(reason);
		}
		hub.fault = () => null;
		expect(await storedAdapters(page)).toEqual([[], 0]);
	});

	await test.step('it is fetched once, and its commit is remembered', async () => {
		await lookAtAdapter(dialog, `${hubPirate.repository}@main`);
		await dialog.getByRole('button', { name: /^The one at the top/ }).click();
		const source = `${hubPirate.repository} @ ${hubPirate.commit.slice(0, 12)}`;
		await expect(dialog.getByRole('heading', { name: source })).toBeFocused();
		await addReviewed(page, dialog, 'Pirate');
		expect(await storedAdapters(page)).toEqual([['Pirate'], 2]);
		const bytes = hubPirate.files.get(weights)!.byteLength;
		expect(hub.sent(`${hubPirate.commit}/${weights}`)).toBe(bytes);
	});
});

test('a folder of the web is asked only when the user agrees', async ({ profile, hub }) => {
	const page = await profile.open('/');
	await openTuner(page);
	const dialog = await openAddAdapter(page);
	await lookAtAdapter(dialog, `${hub.url}${hubPirate.repository}/resolve/main/`);
	const host = dialog.getByRole('group', { name: 'A new host' });
	await expect(host).toContainText(`SAM will contact ${new URL(hub.url).host}`);
	expect(hub.requests).toEqual([]);
	await host.getByRole('button', { name: /^Contact/ }).click();
	await expect(dialog.getByRole('button', { name: 'Add adapter' })).toBeVisible();
	await addReviewed(page, dialog, 'From a folder');
	expect(await storedAdapters(page)).toEqual([['From a folder'], 2]);
});

test('files that are no sound adapter are refused with the reason, and nothing is stored', async ({
	profile
}) => {
	const page = await profile.open('/');
	await openLibrary(page);
	await download(modelOf(page, 'Tiny Llama'));
	await openTuner(page);
	const dialog = await openAddAdapter(page);
	const sound = tinyAdapter();
	const config = sound.get('adapter_config.json')!;
	const bytes = sound.get(weights)!;
	const refused: readonly (readonly [ReadonlyMap<string, Uint8Array>, string])[] = [
		[new Map([[weights, bytes]]), 'adapter_config.json is missing'],
		[
			new Map([
				['adapter_config.json', config],
				['adapter_model.bin', bytes]
			]),
			'adapter_model.bin, a format that can run any code'
		],
		[new Map([...sound, [weights, bytes.slice(0, -64)]]), `${weights} cannot be read`],
		[tinyAdapter({ config: { use_dora: true } }), 'This adapter uses DoRA'],
		[tinyAdapter({ config: { modules_to_save: ['lm_head'] } }), 'modules_to_save: lm_head'],
		[tinyAdapter({ config: { r: 0 } }), 'its rank is 0'],
		[tinyAdapter({ deviation: NaN }), 'numbers that are not numbers']
	];
	for (const [files, reason] of refused) {
		await chooseAdapterFiles(page, dialog, files);
		await expect(dialog.getByRole('alert')).toContainText(reason);
		await expect(dialog.getByRole('button', { name: 'Add adapter' })).toHaveCount(0);
	}
	await expectAccessible(page, 'an adapter that is refused');

	await test.step('one of another model says so, and cannot be tied to this one', async () => {
		const shape = { layers: 2, heads: 8, keyValueHeads: 2, headSize: 16, feedForward: 128 };
		await chooseAdapterFiles(page, dialog, tinyAdapter({ shape }));
		const models = dialog.getByRole('list', { name: 'Chat models of this device' });
		await expect(models.getByRole('listitem').filter({ hasText: 'Tiny Llama' })).toContainText(
			/does not fit.*It was made for another model than Tiny Llama/s
		);
		await expect(
			dialog.getByRole('combobox', { name: 'Base model' }).getByRole('option')
		).toHaveText(['Decide later']);
	});
	await dialog.getByRole('button', { name: 'Cancel' }).click();
	expect(await storedAdapters(page)).toEqual([[], 0]);
});

test('an adapter is added without a mouse', async ({ profile, hub }) => {
	const page = await profile.open('/');
	await useHub(page, hub);
	await openTuner(page);
	const add = page.getByRole('button', { name: 'Add adapter…' });
	await tabAndPress(page, add);
	const dialog = page.getByRole('dialog', { name: 'Add an adapter' });
	await expect(dialog).toBeVisible();
	await expectAccessible(page, 'the dialog for adapters');
	await page.keyboard.press('Escape');
	await expect(add).toBeFocused();
	await page.keyboard.press('Enter');
	await tabTo(page, dialog.getByRole('textbox', { name: 'Adapter address' }));
	await page.keyboard.type(hubPirate.repository);
	await page.keyboard.press('Enter');
	await tabAndPress(page, dialog.getByRole('button', { name: /^checkpoint-20/ }));
	const title = new RegExp(`^${hubPirate.repository}/checkpoint-20 @`);
	await expect(dialog.getByRole('heading', { name: title })).toBeFocused();
	await expectAccessible(page, 'an adapter that is reviewed');
	await tabTo(page, dialog.getByRole('textbox', { name: 'Name' }));
	await page.keyboard.press('Control+A');
	await page.keyboard.type('By keys');
	await tabAndPress(page, dialog.getByRole('button', { name: 'Add adapter' }));
	await expect(dialog).toHaveCount(0);
	await expect(add).toBeFocused();
	await expect(page.getByRole('list', { name: 'Adapters', exact: true })).toContainText('By keys');
	expect((await storedAdapters(page))[0]).toEqual(['By keys']);
});
