import { expect, test } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

test('the order in which keys were written makes no difference, at any level', () => {
	const one = { b: [{ y: 1, x: 2 }], a: { d: null, c: 'c' } };
	const other = { a: { c: 'c', d: null }, b: [{ x: 2, y: 1 }] };
	expect(canonicalJson(one)).toBe(canonicalJson(other));
	expect(canonicalJson(one)).toBe('{"a":{"c":"c","d":null},"b":[{"x":2,"y":1}]}');
});

test('the order of a list does', () => {
	expect(canonicalJson([1, 2])).not.toBe(canonicalJson([2, 1]));
});

test('reads back as what JSON makes of the value', () => {
	const value = { 'a "quoted" key': 'täxt\n', gone: undefined, list: [undefined, 1.5, true] };
	expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
});

test('a key without a value is as good as none', () => {
	expect(canonicalJson({ a: 1, b: undefined })).toBe(canonicalJson({ a: 1 }));
});
