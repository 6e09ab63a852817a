import { expect, test } from 'vitest';
import { persistNotice, repairNotice, updateNotice } from './library-notices.ts';

test.for([
	[0, 'Every byte is as its publisher made it.'],
	[1, 'One damaged part was downloaded again.'],
	[3, '3 damaged parts were downloaded again.']
] as const)('%i repaired parts', ([parts, notice]) => {
	expect(repairNotice(parts)).toBe(notice);
});

test.for([
	[0, /^No model on this device/],
	[1, /^1 model has a newer revision\./],
	[2, /^2 models have a newer revision\./]
] as const)('%i newer revisions', ([models, notice]) => {
	expect(updateNotice(models)).toMatch(notice);
});

test('says whether the browser keeps what is stored', () => {
	const estimate = { usage: 0, quota: 0 };
	expect(persistNotice({ ...estimate, persisted: true })).toContain('keeps');
	expect(persistNotice({ ...estimate, persisted: false })).toContain('may delete');
});
