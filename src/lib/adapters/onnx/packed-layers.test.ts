import { describe, expect, it } from 'vitest';
import { packOf, partsOf, partWidths, readHeadWidths } from './packed-layers.ts';

describe('packed layers', () => {
	it('know their parts, and parts their layer', () => {
		expect(partsOf('layers.0.self_attn.qkv_proj')).toEqual([
			'layers.0.self_attn.q_proj',
			'layers.0.self_attn.k_proj',
			'layers.0.self_attn.v_proj'
		]);
		expect(partsOf('gate_up_proj')).toEqual(['gate_proj', 'up_proj']);
		expect(partsOf('layers.0.self_attn.q_proj')).toEqual([]);
		expect(packOf('layers.0.mlp.up_proj')).toEqual({
			...{ module: 'layers.0.mlp.gate_up_proj', parts: ['gate_proj', 'up_proj'], index: 1 }
		});
		expect(packOf('layers.0.self_attn.o_proj')).toBeNull();
	});
});

describe('readHeadWidths', () => {
	it.each([
		[
			'heads of their own width',
			{ num_attention_heads: 16, head_dim: 128, hidden_size: 1024 },
			2048,
			2048
		],
		['a share of the model', { num_attention_heads: 8, hidden_size: 512 }, 512, 512],
		[
			'fewer heads for keys',
			{ num_attention_heads: 8, num_key_value_heads: 2, hidden_size: 512 },
			512,
			128
		],
		['a part for text', { text_config: { num_attention_heads: 4, hidden_size: 64 } }, 64, 64]
	])('reads %s', (_, config, queries, keyValues) => {
		expect(readHeadWidths(config)).toEqual({ queries, keyValues });
	});

	it.each([null, 3, 'x', [], {}, { num_attention_heads: 0 }, { num_attention_heads: 8 }])(
		'is null for %j',
		(config) => {
			expect(readHeadWidths(config)).toBeNull();
		}
	);
});

describe('partWidths', () => {
	const heads = { queries: 64, keyValues: 32 };

	it.each([
		[3, 128, heads, [64, 32, 32]],
		[3, 127, heads, null],
		[3, 128, null, null],
		[2, 128, null, [64, 64]],
		[2, 127, null, null]
	])('%d parts of %d', (parts, outSize, widths, expected) => {
		expect(partWidths(parts, outSize, widths)).toEqual(expected);
	});
});
