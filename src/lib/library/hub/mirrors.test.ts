import { describe, expect, test } from 'vitest';
import { hubBases, officialUrlOf, urlsOf } from './mirrors.ts';

const settings = {
	mirrors: ['https://a.example/hf', 'http://localhost:8080/'],
	officialHost: true
};
const onHub = 'https://huggingface.co/o/n/resolve/main/config.json';
const onA = 'https://a.example/hf/o/n/resolve/main/config.json';
const onLocal = 'http://localhost:8080/o/n/resolve/main/config.json';

describe('mirrors', () => {
	test('are asked before the official host, in their order', () => {
		expect(urlsOf(onHub, settings)).toEqual([onA, onLocal, onHub]);
	});

	test('alone are asked when the official host is turned off', () => {
		expect(urlsOf(onHub, { ...settings, officialHost: false })).toEqual([onA, onLocal]);
		expect(hubBases({ mirrors: [], officialHost: false })).toEqual([]);
	});

	test.each(['https://raw.githubusercontent.com/o/n/main/a.wasm', 'models/tiny/config.json'])(
		'have nothing to do with %s',
		(url) => expect(urlsOf(url, { ...settings, officialHost: false })).toEqual([url])
	);

	test.each([onA, onLocal, onHub])('%s is one and the same file', (url) => {
		expect(officialUrlOf(url, settings)).toBe(onHub);
	});

	test('are told from hosts that merely begin alike', () => {
		const other = 'https://a.example/hfx/o/n/resolve/main/config.json';
		expect(officialUrlOf(other, settings)).toBe(other);
	});
});
