import { describe, expect, test } from 'vitest';
import { toAppError } from '../../core/errors.ts';
import { mlcArchitecture } from './mlc-architecture.ts';

const sizes = { hidden_size: 48, num_attention_heads: 6, num_key_value_heads: 2, head_dim: 16 };

describe('the module that a tensor is of', () => {
	const layer = 'model.layers.11';
	test.each([
		['llama', `${layer}.self_attn.qkv_proj`, `${layer}.self_attn.qkv_proj`],
		['llama', `${layer}.mlp.down_proj`, `${layer}.mlp.down_proj`],
		['qwen2', `${layer}.self_attn.c_attn`, `${layer}.self_attn.qkv_proj`],
		['qwen3', `${layer}.self_attn.o_proj`, `${layer}.self_attn.o_proj`],
		['qwen3_5', `${layer}.linear_attn.out_proj`, `${layer}.linear_attn.out_proj`],
		[
			'gemma3_text',
			`language_model.${layer}.self_attn.q_proj`,
			`language_model.${layer}.self_attn.q_proj`
		],
		['phi3', 'transformer.h.11.mixer.qkv_proj', `${layer}.self_attn.qkv_proj`],
		['phi3', 'transformer.h.11.mixer.out_proj', `${layer}.self_attn.o_proj`],
		['phi3', 'transformer.h.11.mlp.gate_up_proj', `${layer}.mlp.gate_up_proj`],
		['phi', 'transformer.h.11.mixer.Wqkv', `${layer}.self_attn.qkv_proj`],
		['phi', 'transformer.h.11.mixer.out_proj', `${layer}.self_attn.dense`],
		['phi', 'transformer.h.11.mlp.fc2', `${layer}.mlp.fc2`],
		['phi', 'lm_head.linear', 'lm_head']
	])('%s: %s', (type, tensor, module) => {
		const { moduleOf } = mlcArchitecture({ model_type: type, model_config: sizes }, 'Tiny');
		expect(moduleOf(`${tensor}.weight`)).toBe(module);
	});

	test('is another one only in the family that calls it so', () => {
		const { moduleOf } = mlcArchitecture({ model_type: 'llama', model_config: sizes }, 'Tiny');
		expect(moduleOf(`${layer}.self_attn.c_attn.weight`)).toBe(`${layer}.self_attn.c_attn`);
	});
});

describe('the parts of packed attention', () => {
	test('are as wide as their heads', () => {
		const { heads } = mlcArchitecture({ model_type: 'qwen3', model_config: sizes }, 'Tiny');
		expect(heads).toEqual({ queries: 96, keyValues: 32 });
	});

	test('are wider where a gate goes with each query', () => {
		const { heads } = mlcArchitecture({ model_type: 'qwen3_5', model_config: sizes }, 'Tiny');
		expect(heads).toEqual({ queries: 192, keyValues: 32 });
	});

	test('may be told at the outside, as older models do', () => {
		expect(mlcArchitecture({ model_type: 'llama', ...sizes }, 'Tiny').heads).toEqual({
			queries: 96,
			keyValues: 32
		});
	});

	test('are not guessed', () => {
		expect(mlcArchitecture({ model_type: 'llama', model_config: {} }, 'Tiny').heads).toBeNull();
	});
});

describe('is refused', () => {
	test.each([
		'gpt_neox',
		'phi-msft',
		'phi3_v',
		'qwen',
		'qwen3_moe',
		'mixtral',
		'bert',
		'constructor'
	])('an architecture whose layout is not known, with its name: %s', (type) => {
		expect(() => mlcArchitecture({ model_type: type, model_config: sizes }, 'Tiny')).toThrow(
			`Tiny cannot take adapters: SAM does not know how MLC lays out the layers of its architecture ${type}.`
		);
	});

	test.each([null, 'llama', [], {}, { model_type: 7 }, { model_type: '' }, { model_type: 'a b' }])(
		'a configuration that does not tell the architecture: %j',
		(config) => {
			expect(() => mlcArchitecture(config, 'Tiny')).toThrow('does not name its architecture');
		}
	);

	test('with what to do instead', () => {
		let refusal: unknown;
		try {
			mlcArchitecture(null, 'Tiny');
		} catch (error) {
			refusal = error;
		}
		const { instead } = toAppError(refusal).details;
		expect(instead).toMatch(/^Use the ONNX variant of the same model/);
	});
});
