import { expect, test } from 'vitest';
import { isFreeLicence } from './free-licence.ts';

test.each([
	...[
		'Apache-2.0',
		'apache-2.0',
		'Apache License 2.0',
		'MIT',
		'MIT License',
		'ISC',
		'BSD-3-Clause'
	],
	...['bsd-2-clause', 'CC0-1.0', 'CC-BY-4.0', 'cc-by-3.0', ' mit ', 'unlicense', '0BSD']
])('%s asks nothing of the user', (name) => {
	expect(isFreeLicence(name)).toBe(true);
});

test.each([
	...['Gemma Terms of Use', 'gemma', 'Llama 3.2 Community License', 'llama3.2', 'other'],
	...['cc-by-nc-4.0', 'CC-BY-SA-4.0', 'cc-by-nd-4.0', 'GPL-3.0', 'openrail', 'deepseek'],
	...['not the MIT licence', 'mit-and-more', '']
])('“%s” has terms to agree to', (name) => {
	expect(isFreeLicence(name)).toBe(false);
});
