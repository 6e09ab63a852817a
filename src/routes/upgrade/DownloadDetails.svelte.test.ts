import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import { frozenModelOf, listingOf } from '$lib/testing/listing-of.ts';
import DownloadDetails from './DownloadDetails.svelte';

const listing = listingOf('Tiny Llama', { entry: { integrity: 'publisher' } });

test('a download is told file by file when it is opened, with where it is from', async () => {
	await render(DownloadDetails, { model: frozenModelOf(listing, 2_000_000) });
	const table = page.getByRole('table', { name: 'Files of Tiny Llama' });
	await expect.element(table).not.toBeInTheDocument();
	await page.getByText('Tiny Llama: 1 file, 2.0 MB').click();
	await expect.element(table.getByRole('rowheader')).toHaveTextContent('onnx/model.onnx');
	await expect.element(table.getByText('abababababab', { exact: true })).toBeVisible();
	await expect.element(page.getByText('tests/tiny-llama on Hugging Face')).toBeVisible();
	await expect.element(page.getByText('0123456789ab', { exact: true })).toBeVisible();
	await expect.element(page.getByText('its publisher')).toBeVisible();
});

test('files that the user added have no host and perhaps no licence', async () => {
	const model = frozenModelOf(listing);
	const about = { ...model.about, source: null, licence: null, origin: 'files' } as const;
	await render(DownloadDetails, { model: { ...model, about } });
	await page.getByText('Tiny Llama: 1 file, 2.0 MB').click();
	await expect.element(page.getByText('files of this machine')).toBeVisible();
	await expect.element(page.getByText('not stated')).toBeVisible();
});
