import { describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import FileDrop from './FileDrop.svelte';

const lease = new File(['# Lease'], 'lease.md', { type: 'text/markdown' });
const rules = new File(['rules'], 'rules.txt', { type: 'text/plain' });

async function setup(props: { disabled?: boolean } = {}) {
	const onfiles = vi.fn<(files: readonly File[]) => void>();
	const screen = await render(FileDrop, { onfiles, accept: '.md,.txt', ...props });
	const [input, folder] = screen.container.querySelectorAll('input');
	return { ...screen, onfiles, input: input!, folder: folder! };
}

function names(onfiles: { mock: { calls: (readonly File[])[][] } }): string[][] {
	return onfiles.mock.calls.map(([files]) => (files ?? []).map((file) => file.name));
}

/** Puts files into an input as the browser's own dialog does. */
function choose(input: HTMLInputElement, ...files: File[]): void {
	const transfer = new DataTransfer();
	for (const file of files) transfer.items.add(file);
	input.files = transfer.files;
	input.dispatchEvent(new Event('change', { bubbles: true }));
}

function drop(target: Element, ...files: File[]): void {
	const dataTransfer = new DataTransfer();
	for (const file of files) dataTransfer.items.add(file);
	target.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
}

describe('FileDrop', () => {
	test('opens the file dialog from its button, with the keyboard too', async () => {
		const { input } = await setup();
		const click = vi.spyOn(input, 'click').mockImplementation(() => undefined);
		await page.getByRole('button', { name: 'Add documents' }).click();
		await userEvent.keyboard('{Enter}');
		expect(click).toHaveBeenCalledTimes(2);
	});

	test('takes several files, and the same file twice', async () => {
		const { input, onfiles } = await setup();
		expect(input.multiple).toBe(true);
		choose(input, lease, rules);
		choose(input, lease);
		expect(names(onfiles)).toEqual([['lease.md', 'rules.txt'], ['lease.md']]);
		expect(input.value).toBe('');
	});

	test('takes a folder', async () => {
		const { folder, onfiles } = await setup();
		expect(folder.webkitdirectory).toBe(true);
		const click = vi.spyOn(folder, 'click').mockImplementation(() => undefined);
		await page.getByRole('button', { name: 'Add folder' }).click();
		expect(click).toHaveBeenCalledOnce();
		choose(folder, rules);
		expect(names(onfiles)).toEqual([['rules.txt']]);
	});

	test('takes dropped files', async () => {
		const { onfiles } = await setup();
		drop(page.getByRole('group', { name: 'Add documents' }).element(), lease, rules);
		await expect.poll(() => names(onfiles)).toEqual([['lease.md', 'rules.txt']]);
	});

	test('says nothing when no file was chosen', async () => {
		const { input, onfiles } = await setup();
		choose(input);
		expect(onfiles).not.toHaveBeenCalled();
	});

	test('takes nothing while it is disabled', async () => {
		const { onfiles } = await setup({ disabled: true });
		await expect.element(page.getByRole('button', { name: 'Add documents' })).toBeDisabled();
		drop(page.getByRole('group', { name: 'Add documents' }).element(), lease);
		expect(onfiles).not.toHaveBeenCalled();
	});
});
