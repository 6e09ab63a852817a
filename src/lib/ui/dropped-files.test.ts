import { expect, test } from 'vitest';
import { droppedFiles, type Dropped, type DroppedEntry } from './dropped-files.ts';

const file = (name: string): DroppedEntry => ({
	name,
	isFile: true,
	isDirectory: false,
	file: (done) => done(new File(['x'], name))
});

/** A folder that hands its entries out one at a time, as browsers do with large ones. */
const folder = (...entries: DroppedEntry[]): DroppedEntry => ({
	name: 'folder',
	isFile: false,
	isDirectory: true,
	createReader: () => {
		const left = [...entries];
		return { readEntries: (done) => done(left.splice(0, 1)) };
	}
});

/** What lies loose among the entries is in the list of files as well, as browsers have it. */
const drop = (...entries: DroppedEntry[]): Dropped => ({
	files: entries.filter(({ isFile }) => isFile).map(({ name }) => new File(['loose'], name)),
	items: entries.map((entry) => ({ webkitGetAsEntry: () => entry }))
});
const names = async (...entries: DroppedEntry[]): Promise<string[]> =>
	(await droppedFiles(drop(...entries))).map((each) => each.file.name);

test('takes loose files as they are', async () => {
	expect(await names(file('a'), file('b'))).toEqual(['a', 'b']);
	const nothingToWalk = { ...drop(file('a')), items: [{ webkitGetAsEntry: () => null }] };
	const [only] = await droppedFiles(nothingToWalk);
	expect([only?.path, await only?.file.text()]).toEqual(['a', 'loose']);
});

test('reads both lists before it lets go', async () => {
	const transfer = { ...drop(file('a'), folder(file('b'))) };
	const reading = droppedFiles(transfer);
	Object.assign(transfer, { files: [], items: [] });
	expect((await reading).map(({ path }) => path)).toEqual(['a', 'folder/b']);
});

test('finds the files of folders within folders, in order', async () => {
	expect(
		await names(file('a'), folder(file('b'), folder(file('c')), file('d')), file('e'))
	).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('leaves out what cannot be read and goes on', async () => {
	const broken: DroppedEntry = {
		...{ name: 'broken', isFile: true, isDirectory: false },
		file: (_, failed) => failed(new Error('gone'))
	};
	const locked: DroppedEntry = {
		...{ name: 'locked', isFile: false, isDirectory: true },
		createReader: () => ({ readEntries: (_, failed) => failed(new Error('locked')) })
	};
	expect(await names(broken, locked, file('a'))).toEqual(['a']);
});

test('tells in which folders they lie', async () => {
	const found = await droppedFiles(drop(file('a'), folder(file('b'), folder(file('c')))));
	expect(found.map(({ path }) => path)).toEqual(['a', 'folder/b', 'folder/folder/c']);
	expect(found.map((each) => each.file.name)).toEqual(['a', 'b', 'c']);
});

test('an empty folder has no files', async () => {
	expect(await names(folder())).toEqual([]);
});
