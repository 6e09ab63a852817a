import { afterEach, expect, test, vi } from 'vitest';
import { canPickFolder, pickFolder } from './pick-folder.ts';

afterEach(() => {
	vi.unstubAllGlobals();
});

test('without folders in the browser there is none to choose', async () => {
	vi.stubGlobal('showDirectoryPicker', undefined);
	expect(canPickFolder()).toBe(false);
	expect(await pickFolder('read')).toBeNull();
});

test('gives the folder that was chosen, for the use that was asked for', async () => {
	const folder = { name: 'models' };
	const show = vi.fn(async (_options: { mode: string }) => folder);
	vi.stubGlobal('showDirectoryPicker', show);
	expect(canPickFolder()).toBe(true);
	expect(await pickFolder('readwrite')).toBe(folder);
	expect(show.mock.calls[0]?.[0].mode).toBe('readwrite');
});

test('a user who chooses none has made no error; a browser that refuses has', async () => {
	const refuse = (name: string): void => {
		vi.stubGlobal('showDirectoryPicker', () => Promise.reject(new DOMException('no', name)));
	};
	refuse('AbortError');
	expect(await pickFolder('read')).toBeNull();
	refuse('SecurityError');
	await expect(pickFolder('read')).rejects.toThrow('no');
});
