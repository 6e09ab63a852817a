import { beforeEach, describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import { AddModelView } from '$lib/app/views/add-model-view.svelte.ts';
import { AppError } from '$lib/core/errors.ts';
import type { ModelVariant } from '$lib/library/add/model-finding.ts';
import { FakeModelLibrary } from '$lib/testing/fake-model-library.ts';
import { listingOf } from '$lib/testing/listing-of.ts';
import AddModelDialog from './AddModelDialog.svelte';

const embedding = {
	dims: 384,
	pooling: 'mean',
	prefixes: { query: 'query: ', passage: '' },
	normalise: true,
	maxTokens: 512
} as const;
const variantOf = (dtype: string, recommended: boolean): ModelVariant => ({
	bytes: recommended ? 23e6 : 90e6,
	entry: listingOf(`MiniLM (${dtype})`, { entry: { dtype, tasks: ['embed'], embedding } }).entry,
	recommended
});

const dialog = page.getByRole('dialog', { name: 'Add a model' });
const address = page.getByRole('textbox', { name: 'Model address' });
let library: FakeModelLibrary;
let adding: AddModelView;
const onadd = vi.fn();

beforeEach(async () => {
	onadd.mockClear();
	library = new FakeModelLibrary();
	library.finding = {
		id: 'finding',
		title: 'Xenova/all-MiniLM-L6-v2',
		origin: 'hub',
		variants: [variantOf('fp32', false), variantOf('q8', true)],
		assumptions: ['Nothing says how long its texts may be.']
	};
	adding = new AddModelView({
		library,
		install: () => Promise.resolve(),
		mayContact: () => false,
		allowHost: () => Promise.resolve()
	});
	adding.open = true;
	await render(AddModelDialog, { adding, ready: true, onadd, focusAfter: () => null });
	await expect.element(dialog).toBeVisible();
});

const look = async (text: string): Promise<void> => {
	await address.fill(text);
	await userEvent.keyboard('{Enter}');
};

test('there is nothing to look at before there is an address', async () => {
	await expect.element(page.getByRole('button', { name: 'Look' })).toBeDisabled();
	expect(page.getByRole('button', { name: 'Add and download' }).query()).toBeNull();
});

describe('a model that was found', () => {
	beforeEach(() => look('Xenova/all-MiniLM-L6-v2'));

	test('is shown with its variants, and with what was assumed', async () => {
		await expect
			.element(page.getByRole('heading', { name: 'Xenova/all-MiniLM-L6-v2' }))
			.toHaveFocus();
		const variants = page.getByRole('radiogroup', { name: 'Variant' });
		await expect
			.element(variants.getByRole('radio', { name: 'q8, 23.0 MB recommended' }))
			.toBeChecked();
		await expect.element(dialog).toMatchTextContent('Nothing says how long its texts may be.');
	});

	test('can be corrected', async () => {
		await page.getByRole('textbox', { name: 'Name' }).fill('Mine');
		await page.getByRole('combobox', { name: 'Pooling' }).selectOptions('First token (CLS)');
		await page.getByRole('textbox', { name: 'Query prefix' }).fill('search: ');
		await page.getByRole('radio', { name: 'fp32, 90.0 MB' }).click();
		expect(adding.edits).toMatchObject({ name: 'Mine', pooling: 'cls', queryPrefix: 'search: ' });
		expect(adding.variant?.entry.dtype).toBe('fp32');
		await page.getByRole('combobox', { name: 'Task' }).selectOptions('Answers');
		expect(page.getByRole('combobox', { name: 'Pooling' }).query()).toBeNull();
	});

	test('is added by the page', async () => {
		await page.getByRole('button', { name: 'Add and download' }).click();
		expect(onadd).toHaveBeenCalledOnce();
	});
});

test('a failure is told with its advice, and the address stays', async () => {
	library.failing = new AppError('add/bad-address', {
		details: { address: 'x', reason: 'the name of its owner is missing' }
	});
	await look('x');
	await expect.element(page.getByRole('alert')).toMatchTextContent('its owner is missing');
	await expect.element(address).toHaveValue('x');
});

test('an unknown host is named before it is contacted', async () => {
	await look('https://example.org/tiny/');
	await expect
		.element(page.getByText('SAM will contact example.org.').element().parentElement!)
		.toHaveFocus();
	expect(library.told).toEqual([]);
	await page.getByRole('button', { name: 'Do not' }).click();
	await expect.element(address).toHaveFocus();
});

test('keeps the focus inside, and gives way to Escape', async () => {
	for (let presses = 0; presses < 8; presses++) {
		await userEvent.tab();
		expect(dialog.element().contains(document.activeElement)).toBe(true);
	}
	await userEvent.keyboard('{Escape}');
	await expect.poll(() => dialog.query()).toBeNull();
});
