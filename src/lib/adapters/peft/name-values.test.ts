import { describe, expect, it } from 'vitest';
import { NameValues } from './name-values.ts';

const queryOfLayer3 = 'model.layers.3.self_attn.q_proj';

function valueFor(key: string, name = queryOfLayer3): number | undefined {
	return new NameValues({ [key]: 7 }).valueFor(name);
}

describe('NameValues', () => {
	it.each([
		'q_proj',
		'self_attn.q_proj',
		'3.self_attn.q_proj',
		queryOfLayer3,
		`^${queryOfLayer3}`,
		'q_proj$',
		'(q|k)_proj',
		'(?:q|k)_proj',
		'(?P<part>[qk])_proj',
		'[^abc]_proj',
		'[]q]_proj',
		'[q-]_proj',
		'[\\w.]+',
		'.*',
		'.*\\.q_proj',
		'layers\\.[0-3]\\..*',
		'layers\\.\\d+\\.self_attn\\.q_proj',
		'layers.(0|1|2|3).self_attn.(q_proj|v_proj)',
		'^model\\.layers\\.\\d{1,2}\\..*?q_proj$',
		'\\Amodel.+q_proj\\Z',
		'q_pro{1}j',
		'q{0,2}_proj{1,}',
		'x?q_\\Droj',
		'()*q_proj',
		'(a*)*q_proj'
	])('takes %s to mean the layer', (key) => {
		expect(valueFor(key)).toBe(7);
	});

	it.each([
		'proj',
		'_proj',
		'self_attn',
		'^q_proj',
		'^self_attn.q_proj',
		'model.layers.3',
		'k_proj',
		'(k|v)_proj',
		'[^q]_proj',
		'layers\\.[0-2]\\..*',
		'layers\\.\\d{2}\\..*',
		'q_proj{2}',
		'q_\\dproj',
		'',
		'q$_proj'
	])('does not take %s to mean it', (key) => {
		expect(valueFor(key)).toBeUndefined();
	});

	it('takes a dot in a plain name for a dot alone', () => {
		expect(valueFor('layers.1.q_proj', 'model.layers.11q_proj')).toBeUndefined();
	});

	it('takes the first key that matches, patterns and plain names alike', () => {
		const keys = { k_proj: 1, '.*attn.*': 2, q_proj: 3, [`^${queryOfLayer3}`]: 4 };
		const values = new NameValues(keys);
		expect(values.valueFor(queryOfLayer3)).toBe(2);
		expect(values.valueFor('model.layers.3.self_attn.k_proj')).toBe(1);
		expect(values.valueFor('model.layers.3.mlp.up_proj')).toBeUndefined();
		const specific = new NameValues({ [`^${queryOfLayer3}`]: 4, q_proj: 3 });
		expect(specific.valueFor(queryOfLayer3)).toBe(4);
		expect(specific.valueFor('model.layers.0.self_attn.q_proj')).toBe(3);
	});

	it.each([
		'(?=q).*',
		'(?!v).*q_proj',
		'(?i)Q_PROJ',
		'(q)_proj\\1',
		'\\bq_proj',
		'(q_proj',
		'q_proj)',
		'[q_proj',
		'[z-a]',
		'*q_proj',
		'q**',
		'q*+',
		'q{3,1}',
		'q\\',
		`${'a'.repeat(500)}*`,
		'(((a{999}){999}){999}){999}',
		'(((){9999}){9999}){9999}'
	])('refuses %s by name instead of guessing', (key) => {
		expect(() => new NameValues({ [key]: 1 })).toThrow(
			expect.objectContaining({ code: 'adapter/unsupported' })
		);
	});

	it('follows patterns that take others for ever', () => {
		const name = `${'a'.repeat(400)}!`;
		expect(valueFor('(a+)+b', name)).toBeUndefined();
		expect(valueFor('(a|a|aa)*b', name)).toBeUndefined();
		expect(valueFor(`${'(a?)'.repeat(99)}b`, name)).toBeUndefined();
	});

	it('refuses more work than an adapter is worth', () => {
		const keys = Object.fromEntries(
			Array.from({ length: 2000 }, (_, index) => [`(.*a){40}${index}x?`, 1])
		);
		const values = new NameValues(keys);
		expect(() => values.valueFor('a'.repeat(500))).toThrow(
			expect.objectContaining({ code: 'adapter/unsupported' })
		);
	});
});
