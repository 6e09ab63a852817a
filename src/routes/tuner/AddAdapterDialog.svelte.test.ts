import { beforeEach, describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import { AddAdapterView } from '$lib/app/views/add-adapter-view.svelte.ts';
import { AppError } from '$lib/core/errors.ts';
import {
	adapterProposal,
	FakeAdapterImporter,
	foundAdapter
} from '$lib/testing/fake-adapter-importer.ts';
import { MemoryConnectivity } from '$lib/testing/memory-connectivity.ts';
import AddAdapterDialog from './AddAdapterDialog.svelte';

const dialog = page.getByRole('dialog', { name: 'Add an adapter' });
const address = page.getByRole('textbox', { name: 'Adapter address' });
const addButton = page.getByRole('button', { name: 'Add adapter' });
const onadded = vi.fn();
let importer: FakeAdapterImporter;

beforeEach(async () => {
	onadded.mockClear();
	importer = new FakeAdapterImporter();
	const view = new AddAdapterView({
		importer: () => Promise.resolve(importer),
		network: new MemoryConnectivity(),
		mayContact: () => false,
		allowHost: () => Promise.resolve()
	});
	await render(AddAdapterDialog, { open: true, view, onadded });
	await expect.element(dialog).toBeVisible();
});

const look = async (text: string): Promise<void> => {
	await address.fill(text);
	await userEvent.keyboard('{Enter}');
};

function drop(...files: File[]): void {
	const dataTransfer = new DataTransfer();
	for (const file of files) dataTransfer.items.add(file);
	const place = page.getByRole('group', { name: 'Adapter of this device' }).element();
	place.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
}

test('there is nothing to look at before there is an address, and nothing to add', async () => {
	await expect.element(page.getByRole('button', { name: 'Look' })).toBeDisabled();
	expect(addButton.query()).toBeNull();
});

describe('an adapter that was found', () => {
	beforeEach(() => look('acme/pirate'));

	test('is shown with all that tells what it is', async () => {
		await expect
			.element(page.getByRole('heading', { name: 'acme/pirate @ 012345678901' }))
			.toHaveFocus();
		for (const text of ['acme/tiny-llama', '4 (q_proj, v_proj)', '7.0 KB'])
			await expect.element(dialog).toMatchTextContent(text);
		const models = page.getByRole('list', { name: 'Chat models of this device' });
		await expect
			.element(models)
			.toMatchTextContent(/Tiny Llama.*in use.*fits.*It was trained on this model\./s);
	});

	test('is added under another name, for the model that fits', async () => {
		await expect
			.element(page.getByRole('combobox', { name: 'Base model' }))
			.toMatchTextContent('Tiny Llama (Transformers.js)');
		await page.getByRole('textbox', { name: 'Name' }).fill('Jack');
		await addButton.click();
		await expect.element(dialog).not.toBeInTheDocument();
		expect(importer.asked.at(-1)).toBe('add Jack for tiny-llama@test-1');
		expect(onadded).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ name: 'Jack' }));
		await expect.element(page.getByRole('status')).toMatchTextContent('“Jack” is added.');
	});

	test('can be tied to no model for now', async () => {
		await page.getByRole('combobox', { name: 'Base model' }).selectOptions('Decide later');
		await addButton.click();
		await expect.poll(() => importer.asked.at(-1)).toBe('add pirate for no model');
	});

	test('stays when it cannot be added, with the reason', async () => {
		importer.failing = new AppError('adapter/duplicate', { details: { name: 'pirate' } });
		await addButton.click();
		await expect.element(page.getByRole('alert')).toMatchTextContent('is here already');
		await expect.element(addButton).toHaveFocus();
		expect(onadded).not.toHaveBeenCalled();
	});

	test('stands alone while it is reviewed, and makes room for another', async () => {
		await expect.element(addButton).toBeVisible();
		expect(address.query()).toBeNull();
		await page.getByRole('button', { name: 'Back' }).click();
		await expect.element(address).toHaveFocus();
		await expect.element(address).toHaveValue('acme/pirate');
		expect(addButton.query()).toBeNull();
	});

	test('is forgotten when the dialog is closed', async () => {
		await page.getByRole('button', { name: 'Cancel' }).click();
		await expect.element(dialog).not.toBeInTheDocument();
		expect(importer.asked).not.toContain('add pirate for tiny-llama@test-1');
	});
});

test('one that fits nowhere cannot be tied, and the reason is shown; so is one that changes nothing', async () => {
	const { models } = adapterProposal();
	const verdict = { state: 'no', reason: 'It was made for a larger model.' } as const;
	importer.proposal = adapterProposal({
		...{ isZero: true, base: null },
		models: models.map((model) => ({ ...model, verdict }))
	});
	await look('acme/pirate');
	await expect
		.element(dialog)
		.toMatchTextContent(/does not fit.*It was made for a larger model\./s);
	await expect.element(dialog).toMatchTextContent('This adapter changes nothing');
	const options = page.getByRole('combobox', { name: 'Base model' }).getByRole('option');
	expect(options.elements().map(({ textContent }) => textContent.trim())).toEqual(['Decide later']);
});

test('of several the user chooses one', async () => {
	importer.found = ['', 'checkpoint-2'].map(foundAdapter);
	await look('acme/pirate');
	await expect
		.element(page.getByRole('heading', { name: 'There are 2 adapters there. Which one?' }))
		.toHaveFocus();
	await page.getByRole('button', { name: 'checkpoint-2, 7.0 KB' }).click();
	await expect.element(addButton).toBeVisible();
	expect(importer.asked.at(-1)).toBe('inspect checkpoint-2');
});

test('what cannot be used is told, with what to do', async () => {
	const details = { what: 'DoRA', instead: 'Train it again with use_dora off.' };
	importer.failing = new AppError('adapter/unsupported', { details });
	await look('acme/pirate');
	await expect
		.element(page.getByRole('alert'))
		.toMatchTextContent(/This adapter uses DoRA.*Train it again with use_dora off\./s);
});

test('files are dropped', async () => {
	drop(new File(['{}'], 'adapter_config.json'), new File(['x'], 'adapter_model.safetensors'));
	await expect
		.poll(() => importer.asked[0])
		.toBe('find adapter_config.json, adapter_model.safetensors of no folder');
});

test('a host that is new is named first', async () => {
	await look('https://models.example/pirate/');
	const group = page.getByRole('group', { name: 'A new host' });
	await expect.element(group).toMatchTextContent('SAM will contact models.example.');
	expect(importer.asked).toEqual([]);
	await group.getByRole('button', { name: 'Do not' }).click();
	await expect.element(group).not.toBeInTheDocument();
	await expect.element(address).toHaveFocus();
});

test('a long read shows how far it is, can be stopped, and gone on with', async () => {
	importer.onlyInspects = true;
	importer.hold = new Promise(() => undefined);
	await look('acme/pirate');
	await expect
		.element(page.getByRole('progressbar'))
		.toHaveAttribute('aria-valuetext', 'Reading and checking… 1.8 KB of 7.0 KB');
	await page.getByRole('button', { name: 'Stop' }).click();
	await expect.element(page.getByRole('progressbar')).not.toBeInTheDocument();
	await expect.element(address).toHaveValue('acme/pirate');
	const interrupted = page.getByRole('group', { name: 'Interrupted' });
	await expect.element(interrupted).toMatchTextContent('1.8 KB of 7.0 KB have come.');
	importer.hold = Promise.resolve();
	await interrupted.getByRole('button', { name: 'Go on' }).click();
	await expect.element(addButton).toBeVisible();
	expect(interrupted.query()).toBeNull();
});

test('a read that failed on the way can be tried again; Cancel leaves nothing of it', async () => {
	importer.onlyInspects = true;
	importer.failing = new AppError('download/stalled');
	await look('acme/pirate');
	const again = page.getByRole('button', { name: 'Try again' });
	await again.click();
	await expect.poll(() => importer.asked).toHaveLength(3);
	await expect.element(again).toBeVisible();
	expect(importer.asked).not.toContain('forget');
	await page.getByRole('button', { name: 'Cancel' }).click();
	await expect.element(dialog).not.toBeInTheDocument();
	expect(importer.asked.at(-1)).toBe('forget');
});
