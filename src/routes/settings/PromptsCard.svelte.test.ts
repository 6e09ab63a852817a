import { beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import { defaultPrompts, TestPrompts } from '$lib/app/test-prompts.ts';
import { PromptsView } from '$lib/app/views/prompts-view.svelte.ts';
import { ManualClock } from '$lib/testing/manual-clock.ts';
import { MemoryRecordStore } from '$lib/testing/memory-record-store.ts';
import PromptsCard from './PromptsCard.svelte';

let prompts: PromptsView;
const items = page.getByRole('list', { name: 'Test prompts' }).getByRole('listitem');
const button = (name: string) => page.getByRole('button', { name, exact: true });

beforeEach(async () => {
	prompts = new PromptsView(new TestPrompts(new MemoryRecordStore(), new ManualClock(0)));
	await prompts.refresh();
	await render(PromptsCard, { prompts });
});

test('shows the prompts, each with what it says at its buttons', async () => {
	expect(items.elements()).toHaveLength(5);
	const [first] = defaultPrompts;
	await expect.element(items.first()).toMatchTextContent(first!.text);
	await expect
		.element(items.first().getByRole('button', { name: 'Delete' }))
		.toHaveAccessibleDescription(first!.text);
});

test('one is added with the keyboard alone, and the field is empty again', async () => {
	const field = page.getByRole('textbox', { name: 'New prompt' });
	await field.click();
	await userEvent.keyboard('Who keeps bees?');
	await userEvent.tab();
	await userEvent.keyboard('{Enter}');
	await expect.element(items.last()).toMatchTextContent('Who keeps bees?');
	await expect.element(field).toHaveValue('');
});

test('one is changed in its place; Escape leaves it as it was', async () => {
	await items.first().getByRole('button', { name: 'Edit' }).click();
	const field = page.getByRole('textbox', { name: 'Prompt', exact: true });
	await expect.element(field).toHaveFocus();
	await field.fill('Changed.');
	await userEvent.keyboard('{Escape}');
	await expect.element(items.first()).toMatchTextContent(defaultPrompts[0]!.text);
	await expect.element(items.first().getByRole('button', { name: 'Edit' })).toHaveFocus();

	await userEvent.keyboard('{Enter}');
	await field.fill('Changed.');
	await button('Save').click();
	await expect.element(items.first()).toMatchTextContent('Changed.');
	expect(prompts.list[0]?.id).toBe(defaultPrompts[0]!.id);
});

test('one is deleted, and the focus stays in the list', async () => {
	await items.first().getByRole('button', { name: 'Delete' }).click();
	await expect.poll(() => items.elements().length).toBe(4);
	await expect.element(page.getByRole('list', { name: 'Test prompts' })).toHaveFocus();
});

test('the last one cannot be deleted', async () => {
	for (const { id } of defaultPrompts.slice(1)) await prompts.remove(id);
	await expect.element(items.getByRole('button', { name: 'Delete' })).toBeDisabled();
});

test('the defaults come back, but only after a question', async () => {
	await prompts.add('Mine?');
	await button('Restore the defaults').click();
	await page.getByRole('alertdialog').getByRole('button', { name: 'Restore' }).click();
	await expect.poll(() => items.elements().length).toBe(5);
});
