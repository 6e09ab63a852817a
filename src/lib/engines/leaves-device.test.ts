import { expect, test } from 'vitest';
import { leavesDevice } from './leaves-device.ts';

test.each([
	['remote', true],
	['starter', false],
	['transformers', false],
	['warp-drive', false]
])('what an engine of kind %s is given leaves this device: %s', (kind, expected) => {
	expect(leavesDevice(kind)).toBe(expected);
});
