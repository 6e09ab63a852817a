import { expect, test } from 'vitest';
import { adapterName } from './adapter-name.ts';

test.each([
	['acme/pirate-lora', 'pirate-lora'],
	['pirate', 'pirate'],
	['runs/pirate/checkpoint-500', 'pirate checkpoint-500'],
	['acme/pirate/adapter', 'pirate adapter'],
	['checkpoint-500', 'checkpoint-500'],
	['', '']
])('the adapter in “%s” is called “%s”', (folder, name) => expect(adapterName(folder)).toBe(name));

test('a name is not longer than a page can show', () => {
	expect(adapterName('x'.repeat(500))).toHaveLength(80);
});
