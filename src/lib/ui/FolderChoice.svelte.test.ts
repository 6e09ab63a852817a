import { afterEach, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { LocalFile } from '../library/add/model-address.ts';
import FolderChoice from './FolderChoice.svelte';

const config = new File(['{}'], 'config.json');

afterEach(() => {
	vi.unstubAllGlobals();
});

async function setup() {
	const onfiles = vi.fn<(files: readonly LocalFile[], folder: string | null) => void>();
	const screen = await render(FolderChoice, { onfiles, withFiles: true });
	const [folder, files] = screen.container.querySelectorAll('input');
	return { onfiles, folder: folder!, files: files! };
}

function choose(input: HTMLInputElement, ...chosen: File[]): void {
	const transfer = new DataTransfer();
	for (const file of chosen) transfer.items.add(file);
	input.files = transfer.files;
	input.dispatchEvent(new Event('change', { bubbles: true }));
}

/** As a file input for folders hands it out. */
function inFolder(path: string): File {
	const file = new File(['{}'], path.slice(path.lastIndexOf('/') + 1));
	return Object.defineProperty(file, 'webkitRelativePath', { value: path });
}

const folderButton = page.getByRole('button', { name: 'Choose folder…' });

test('where the browser opens folders, its files come with their paths', async () => {
	const subfolder = {
		kind: 'directory',
		entries: async function* () {
			yield ['model.onnx', { kind: 'file', getFile: async () => new File(['x'], 'model.onnx') }];
		}
	};
	const chosen = {
		kind: 'directory',
		name: 'mine',
		entries: async function* () {
			yield ['config.json', { kind: 'file', getFile: async () => config }];
			yield ['onnx', subfolder];
		}
	};
	vi.stubGlobal('showDirectoryPicker', async () => chosen);
	const { onfiles } = await setup();
	await folderButton.click();
	await expect.poll(() => onfiles.mock.calls.length).toBe(1);
	expect(onfiles.mock.calls[0]?.[0].map(({ path }) => path)).toEqual([
		'config.json',
		'onnx/model.onnx'
	]);
	expect(onfiles.mock.calls[0]?.[1]).toBe('mine');
});

test('elsewhere the folder comes through a file input', async () => {
	vi.stubGlobal('showDirectoryPicker', undefined);
	const { folder, onfiles } = await setup();
	expect(folder.webkitdirectory).toBe(true);
	const click = vi.spyOn(folder, 'click').mockImplementation(() => undefined);
	await folderButton.click();
	expect(click).toHaveBeenCalledOnce();
	choose(folder, inFolder('mine/config.json'), inFolder('mine/sub/a.json'));
	expect(onfiles).toHaveBeenCalledOnce();
	const [files, from] = onfiles.mock.calls[0] ?? [];
	expect(files?.map(({ path }) => path)).toEqual(['config.json', 'sub/a.json']);
	expect(from).toBe('mine');
});

test('files can be chosen one by one, the same ones twice', async () => {
	const { files, onfiles } = await setup();
	expect(files.multiple).toBe(true);
	choose(files, config);
	choose(files, config);
	expect(onfiles).toHaveBeenCalledTimes(2);
	expect(onfiles.mock.calls[0]?.[0].map(({ path }) => path)).toEqual(['config.json']);
	expect(onfiles.mock.calls[0]?.[1]).toBeNull();
});

test('a user who chooses nothing is left in peace', async () => {
	vi.stubGlobal('showDirectoryPicker', () => Promise.reject(new DOMException('no', 'AbortError')));
	const { files, onfiles } = await setup();
	await folderButton.click();
	choose(files);
	expect(onfiles).not.toHaveBeenCalled();
});
