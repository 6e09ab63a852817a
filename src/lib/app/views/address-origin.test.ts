import { expect, test } from 'vitest';
import { addressOrigin } from './address-origin.ts';

test.for([
	['https://example.org/models/tiny/', 'https://example.org'],
	['  http://localhost:8080/a ', 'http://localhost:8080'],
	['Xenova/all-MiniLM-L6-v2', null],
	['owner/name@main', null],
	['ftp://example.org', null],
	['', null]
] as const)('"%s" leads to %s', ([text, origin]) => {
	expect(addressOrigin(text)).toBe(origin);
});
