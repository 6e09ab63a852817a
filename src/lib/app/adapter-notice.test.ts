import { expect, test } from 'vitest';
import type { AdapterChange } from './adapter-keeper.ts';
import { adapterNotice } from './adapter-notice.ts';

const change = (name: string, on: boolean): AdapterChange => ({
	...{ name, on },
	reason: `Because of ${name}.`
});

test('where nothing has become of adapters, nothing is told', () => {
	expect(adapterNotice([])).toBeNull();
});

test('of one, the reason is told too', () => {
	expect(adapterNotice([change('lawyer', false)])).toBe(
		'The adapter “lawyer” is kept, and off. Because of lawyer.'
	);
	expect(adapterNotice([{ ...change('lawyer', true), reason: '' }])).toBe(
		'The adapter “lawyer” is on again.'
	);
});

test('of several there is one line, which leads to their page', () => {
	const off = ['lawyer', 'pirate', 'poet'].map((name) => change(name, false));
	expect(adapterNotice(off)).toBe(
		'The adapters “lawyer”, “pirate” and “poet” are kept, and off. The Tuner says why.'
	);
});

test('twenty do not fill the page', () => {
	const many = Array.from({ length: 20 }, (_, n) => change(`number ${n}`, true));
	expect(adapterNotice(many)).toBe(
		'The adapters “number 0”, “number 1”, “number 2” and 17 more are on again.'
	);
});

test('what came on is told before what went off', () => {
	expect(adapterNotice([change('lawyer', false), change('pirate', true)])).toBe(
		'The adapter “pirate” is on again. Because of pirate. The adapter “lawyer” is kept, and off. Because of lawyer.'
	);
});
