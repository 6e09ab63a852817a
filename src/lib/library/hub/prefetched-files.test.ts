import { expect, test } from 'vitest';
import { ScriptedRangeSource } from '../../testing/scripted-range-source.ts';
import { PrefetchedFiles } from './prefetched-files.ts';
import { readWhole } from './read-whole.ts';

const url = 'https://huggingface.co/o/n/resolve/main/config.json';
const signal = new AbortController().signal;
const bytes = Uint8Array.from([1, 2, 3, 4, 5]);

function world(capacity?: number) {
	const network = new ScriptedRangeSource();
	network.serve(url, { body: Uint8Array.from([9]) });
	const files = new PrefetchedFiles(capacity);
	const ranges = files.wrap(network, () => ({ mirrors: ['https://mirror.test/'] }));
	const read = async (at: string, from = 0, until?: number): Promise<number[]> => {
		const range = until === undefined ? { from } : { from, until };
		return [...((await readWhole(await ranges.read(at, range, signal), 1e6)) ?? [])];
	};
	return { network, files, ranges, read };
}

test('what was prefetched is read without the network, once', async () => {
	const { files, network, read } = world();
	files.keep(url, bytes);
	expect(await read(url)).toEqual([1, 2, 3, 4, 5]);
	expect(network.reads).toEqual([]);
	expect(await read(url)).toEqual([9]);
});

test('it is read in ranges until its end has been read', async () => {
	const { files, network, read } = world();
	files.keep(url, bytes);
	expect(await read(url, 1, 3)).toEqual([2, 3]);
	expect(await read(url, 3, 99)).toEqual([4, 5]);
	expect(network.reads).toEqual([]);
});

test('it tells where it begins and how long the file is', async () => {
	const { files, ranges } = world();
	files.keep(url, bytes);
	expect(await ranges.read(url, { from: 2 }, signal)).toMatchObject({ from: 2, total: 5 });
});

test('it is found under the address of a mirror', async () => {
	const { files, read } = world();
	files.keep(url, bytes);
	expect(await read('https://mirror.test/o/n/resolve/main/config.json')).toEqual([1, 2, 3, 4, 5]);
});

test('a reader may give its bytes away', async () => {
	const { files, ranges, read } = world();
	files.keep(url, bytes);
	const { body } = await ranges.read(url, { from: 0, until: 4 }, signal);
	const piece = await body.getReader().read();
	piece.value?.fill(0);
	expect(await read(url)).toEqual([1, 2, 3, 4, 5]);
});

test('the oldest give way when there is no more room', async () => {
	const { files, network, read } = world(8);
	files.keep(url, bytes);
	files.keep('https://huggingface.co/o/n/resolve/main/b', bytes);
	expect(await read(url)).toEqual([9]);
	expect(await read('https://huggingface.co/o/n/resolve/main/b')).toHaveLength(5);
	expect(network.reads).toHaveLength(1);
});

test('a file that is larger than the room is not kept, and pushes nothing out', async () => {
	const { files, read } = world(8);
	files.keep(url, bytes);
	files.keep('https://huggingface.co/o/n/resolve/main/b', new Uint8Array(9));
	expect(await read(url)).toHaveLength(5);
});

test('a read that has been given up is not answered', async () => {
	const { files, ranges } = world();
	files.keep(url, bytes);
	await expect(ranges.read(url, { from: 0 }, AbortSignal.abort())).rejects.toMatchObject({
		code: 'cancelled'
	});
});
