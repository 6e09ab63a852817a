import { expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import { everyModel, type ModelFilter } from '$lib/app/views/model-filter.ts';
import ModelToolbar from './ModelToolbar.svelte';

async function show(filter: Partial<ModelFilter> = {}) {
	const onchange = vi.fn<(filter: ModelFilter) => void>();
	await render(ModelToolbar, {
		filter: { ...everyModel, ...filter },
		families: ['BERT', 'Qwen'],
		...{ shown: 2, total: 27, onchange }
	});
	return onchange;
}

test('each letter narrows the list', async () => {
	const onchange = await show();
	await page.getByRole('searchbox', { name: 'Search models' }).fill('qwen');
	expect(onchange).toHaveBeenCalledWith({ ...everyModel, text: 'qwen' });
});

test.for([
	['Task', 'Embeds', { task: 'embed' }],
	['Where', 'Fits this device', { where: 'fits' }],
	['Family', 'Qwen', { family: 'Qwen' }]
] as const)('%s can be chosen', async ([name, option, changes]) => {
	const onchange = await show();
	await page.getByRole('combobox', { name }).selectOptions(option);
	expect(onchange).toHaveBeenCalledWith({ ...everyModel, ...changes });
});

test('tells how many models there are, and of how many', async () => {
	await show();
	await expect.element(page.getByRole('status')).toMatchTextContent('27 models');
	expect(page.getByRole('button').query()).toBeNull();
});

test('leads back to all of them, ready for another search', async () => {
	const onchange = await show({ text: 'qwen' });
	await expect.element(page.getByRole('status')).toMatchTextContent('2 of 27 models');
	await page.getByRole('button', { name: 'Show all' }).click();
	expect(onchange).toHaveBeenCalledWith(everyModel);
	await expect.element(page.getByRole('searchbox')).toHaveFocus();
});
