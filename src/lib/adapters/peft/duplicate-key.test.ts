import { describe, expect, it } from 'vitest';
import { duplicateKey } from './duplicate-key.ts';

describe('duplicateKey', () => {
	it.each([
		'{}',
		'{"a": 1, "b": {"a": 2}, "c": {"a": 3}}',
		'[{"a": 1}, {"a": 1}]',
		'{"a": "a", "b": ["a", "a"], "c": "\\"a\\": "}',
		'{"a{": 1, "a}": "{\\"a{\\":", "a": 2}'
	])('finds none in %s', (json) => {
		expect(duplicateKey(json)).toBeUndefined();
	});

	it.each([
		['{"a": 1, "b": 2, "a": 3}', 'a'],
		['{"x": {"a": 1, "a" \n\t : 1}}', 'a'],
		['[[{"__proto__": 1, "__proto__": 2}]]', '__proto__'],
		['{"a": {}, "b": [], "\\u0061": 1}', 'a'],
		['{"\\"": 1, "\\u0022": 1}', '"']
	])('finds the name that stands twice in %s', (json, name) => {
		expect(duplicateKey(json)).toBe(name);
	});

	it('goes through very deep and very long JSON', () => {
		const deep = `${'['.repeat(100_000)}"${'x'.repeat(1_000_000)}"${']'.repeat(100_000)}`;
		expect(duplicateKey(`{"a": ${deep}, "a": 1}`)).toBe('a');
	});
});
