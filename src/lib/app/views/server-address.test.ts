import { describe, expect, test } from 'vitest';
import { hostOf, isOpenToOthers, parseServerAddress } from './server-address.ts';

const here = 'http://localhost:4173';
const hosted = 'https://sam.example';

describe('an address', () => {
	test.each([
		['http://localhost:11434/v1', 'http://localhost:11434/v1'],
		['  http://localhost:11434/v1/  ', 'http://localhost:11434/v1'],
		['http://localhost:11434', 'http://localhost:11434'],
		['localhost:11434', 'http://localhost:11434'],
		['127.0.0.1:8000/v1', 'http://127.0.0.1:8000/v1'],
		['192.168.1.20:8080', 'http://192.168.1.20:8080'],
		['gpu-box:8000', 'http://gpu-box:8000'],
		['[::1]:8000', 'http://[::1]:8000'],
		['models.example.org/v1', 'https://models.example.org/v1'],
		['https://models.example.org/proxy/v1//', 'https://models.example.org/proxy/v1'],
		['http://localhost:8080/v1/chat/completions', 'http://localhost:8080/v1'],
		['http://localhost:8080/v1/models', 'http://localhost:8080/v1'],
		['HTTPS://Models.Example.ORG/V1', 'https://models.example.org/V1']
	])('%s is stored as %s', (text, url) => {
		expect(parseServerAddress(text, here)).toEqual({ url });
	});

	test.each([
		['', /^Enter the address/],
		['   ', /^Enter the address/],
		['my server', /not an address/],
		['ftp://localhost/v1', /not an address/],
		['javascript:alert(1)', /not an address/],
		['http://', /not an address/],
		['http://me:secret@localhost:8000', /a name or a password/],
		['http://localhost:8000/v1?key=secret', /no “\?”/],
		['http://localhost:8000/v1#models', /no “#”/]
	])('%j is none, and why', (text, problem) => {
		expect(parseServerAddress(text, here)).toEqual({
			problem: expect.stringMatching(problem) as string
		});
	});

	test('a page that came over https reaches http on this machine only', () => {
		for (const address of ['http://localhost:11434', 'http://127.0.0.1:8000', 'http://[::1]:1'])
			expect(parseServerAddress(address, hosted)).toEqual({ url: address });
		expect(parseServerAddress('https://192.168.1.20', hosted)).toHaveProperty('url');
		for (const address of ['http://192.168.1.20:8080', 'gpu-box:8000', 'http://a.example'])
			expect(parseServerAddress(address, hosted)).toEqual({
				problem: expect.stringContaining('over https') as string
			});
	});
});

test('a server is called by its host', () => {
	expect(hostOf('http://localhost:1/v1')).toBe('localhost:1');
});

test.each([
	['http://localhost:11434', false],
	['http://models.localhost:1', false],
	['http://10.0.0.7:8000', false],
	['http://172.16.0.1', false],
	['http://172.32.0.1', true],
	['http://192.168.1.20', false],
	['http://100.64.0.1', false],
	['http://100.20.0.1', true],
	['http://gpu-box:8000', false],
	['http://gpu-box.local', false],
	['http://[fd12::1]:8000', false],
	['http://[2001:db8::1]:8000', true],
	['http://models.example.org/v1', true],
	['http://10.example.org', true],
	['http://8.8.8.8', true],
	['https://models.example.org/v1', false]
])('whether others can read along at %s: %s', (url, expected) => {
	expect(isOpenToOthers(url)).toBe(expected);
});
