import { describe, expect, it } from 'vitest';
import { tinyAdapterConfig } from '../../../../tests/fixtures/tiny-adapters/tiny-adapter.ts';
import type { Json } from '../../core/json.ts';
import { parsePeftConfig } from './parse-peft-config.ts';
import type { PeftConfig } from './peft-config.ts';

function parse(other: Readonly<Record<string, Json>>): PeftConfig {
	return parsePeftConfig(tinyAdapterConfig({ config: other }));
}

function without(name: string): PeftConfig {
	const { [name]: _, ...rest } = tinyAdapterConfig();
	return parsePeftConfig(rest);
}

describe('parsePeftConfig', () => {
	it('reads rank, alpha and the name of the base', () => {
		const config = parse({ r: 16, lora_alpha: 24.5, base_model_name_or_path: 'maker/model' });
		expect(config).toMatchObject({ baseName: 'maker/model', rankStabilised: false });
		expect(config.rankOf('any')).toBe(16);
		expect(config.alphaOf('any')).toBe(24.5);
	});

	it('takes what PEFT takes where nothing is said', () => {
		expect(without('r').rankOf('any')).toBe(8);
		expect(without('lora_alpha').alphaOf('any')).toBe(8);
		expect(without('base_model_name_or_path').baseName).toBe('');
		expect(parse({ base_model_name_or_path: null }).baseName).toBe('');
	});

	it('gives modules ranks and alphas of their own', () => {
		const config = parse({
			r: 4,
			lora_alpha: 8,
			rank_pattern: { 'layers.1.self_attn.q_proj': 16, v_proj: 2 },
			alpha_pattern: { '.*\\.(v|k)_proj': 3 }
		});
		expect(config.rankOf('model.layers.1.self_attn.q_proj')).toBe(16);
		expect(config.rankOf('model.layers.11.self_attn.q_proj')).toBe(4);
		expect(config.rankOf('model.layers.1.self_attn.v_proj')).toBe(2);
		expect(config.alphaOf('model.layers.1.self_attn.v_proj')).toBe(3);
		expect(config.alphaOf('model.layers.1.self_attn.q_proj')).toBe(8);
	});

	it.each<[string, Json]>([
		['target_modules', '(a+)+$'],
		['target_modules', 'all-linear'],
		['target_modules', null],
		['layers_to_transform', [0, 1]],
		['fan_in_fan_out', true],
		['use_rslora', true],
		['init_lora_weights', 'gaussian'],
		['modules_to_save', []],
		['loftq_config', {}],
		['megatron_core', 'megatron.core'],
		['alora_invocation_tokens', null],
		['some_new_setting', { deep: true }]
	])('does not mind %s being %j', (name, value) => {
		expect(parse({ [name]: value }).rankOf('any')).toBe(4);
	});

	it.each<[string, Json, string]>([
		['use_dora', true, 'DoRA'],
		['modules_to_save', ['lm_head', 'embed_tokens'], 'modules_to_save: lm_head, embed_tokens'],
		['bias', 'all', 'bias all'],
		['bias', 'lora_only', 'bias lora_only'],
		['lora_bias', true, 'lora_bias'],
		['peft_type', 'IA3', 'the method IA3'],
		['peft_type', 'PREFIX_TUNING', 'PREFIX_TUNING'],
		['peft_type', 'ADALORA', 'ADALORA'],
		['peft_type', 'lora', 'the method lora'],
		['use_qalora', true, 'use_qalora'],
		['use_bdlora', { nblocks: 2 }, 'use_bdlora'],
		['layer_replication', [[0, 4]], 'layer_replication'],
		['target_parameters', ['experts.gate_up_proj'], 'target_parameters'],
		['trainable_token_indices', [5], 'trainable_token_indices'],
		['alora_invocation_tokens', [1, 2], 'alora_invocation_tokens'],
		['kasa_config', { beta: 1e-4 }, 'KaSA'],
		['velora_config', { num_groups: 32 }, 'VeLoRA'],
		['init_lora_weights', 'pissa', 'init_lora_weights pissa'],
		['init_lora_weights', 'pissa_niter_16', 'pissa_niter_16'],
		['init_lora_weights', 'loftq', 'loftq']
	])('refuses %s being %j by name', (name, value, what) => {
		expect(() => parse({ [name]: value })).toThrow(
			expect.objectContaining({
				code: 'adapter/unsupported',
				message: expect.stringContaining(what) as string,
				details: expect.objectContaining({
					instead: expect.stringMatching(/^[A-Z].*\.$/) as string
				}) as unknown
			})
		);
	});

	it.each<[string, Json]>([
		['r', 0],
		['r', -4],
		['r', 2.5],
		['r', '4'],
		['lora_alpha', '8'],
		['lora_alpha', [8]],
		['use_rslora', 'yes'],
		['rank_pattern', [4]],
		['rank_pattern', { q_proj: '4' }],
		['rank_pattern', { q_proj: 2.5 }],
		['alpha_pattern', { q_proj: null }],
		['base_model_name_or_path', { evil: true }],
		['peft_type', 7],
		['peft_type', null]
	])('refuses %s being %j', (name, value) => {
		expect(() => parse({ [name]: value })).toThrow(
			expect.objectContaining({ code: 'adapter/not-peft' })
		);
	});

	it.each(['bias', 'modules_to_save', 'init_lora_weights'])(
		'refuses %s by name, however deep it is nested',
		(setting) => {
			for (const [open, close] of [
				['[', ']'],
				['{"a":', '}']
			] as const) {
				const deep = JSON.parse(`${open.repeat(1e5)}1${close.repeat(1e5)}`) as Json;
				expect(() => parse({ [setting]: deep })).toThrow(setting);
			}
		}
	);

	it('tells what kind of file it is not', () => {
		expect(() => parsePeftConfig({ lora_parameters: { rank: 8 } })).toThrow('peft_type');
	});
});
