import { expect, test } from 'vitest';
import { builtInEngines } from './built-in-engines.ts';
import { engineInfo } from './engine-infos.ts';

test('the page knows every engine that a worker can make, and by the same name', () => {
	expect(builtInEngines.map(({ info }) => engineInfo(info.kind))).toEqual(
		builtInEngines.map(({ info }) => info)
	);
});

test('an engine of another version of SAM is unknown', () => {
	expect(() => engineInfo('warp-drive')).toThrow(
		expect.objectContaining({ code: 'engine/unknown' })
	);
});
