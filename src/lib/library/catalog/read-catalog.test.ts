import { expect, test } from 'vitest';
import { ScriptedRangeSource, type ReadFault } from '../../testing/scripted-range-source.ts';
import { readCatalog } from './read-catalog.ts';

const url = 'https://app.test/catalog.json';

function serve(text: string, ...faults: ReadFault[]): ScriptedRangeSource {
	const ranges = new ScriptedRangeSource();
	ranges.serve(url, { body: new TextEncoder().encode(text) });
	if (faults.length > 0) ranges.fail(url, ...faults);
	return ranges;
}

test('what it says is handed on as it is', async () => {
	expect(await readCatalog(serve('{"version": 2}'), url)).toEqual({ version: 2 });
});

test('what is no JSON is a damaged catalog', async () => {
	await expect(readCatalog(serve('{"version": 2, "mo'), url)).rejects.toMatchObject({
		code: 'catalog/invalid',
		message: 'The model catalog is damaged: it is not JSON.'
	});
});

test.each<ReadFault>([
	{ kind: 'offline' },
	{ kind: 'status', status: 404 },
	{ kind: 'cut', at: 4 }
])('one that does not arrive is unreachable: %o', async (fault) => {
	await expect(readCatalog(serve('{"version": 2}', fault), url)).rejects.toMatchObject({
		code: 'catalog/unreachable'
	});
});
