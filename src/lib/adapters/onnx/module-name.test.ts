import { describe, expect, it } from 'vitest';
import { innerName, moduleName, plainName } from './module-name.ts';

describe('moduleName', () => {
	it.each([
		// Optimum: the path of the module, then the operation; weights are numbered.
		['/model/layers.0/self_attn/q_proj/MatMul', 'onnx::MatMul_1234'],
		['/model/layers.0/self_attn/q_proj/MatMul_Q4', 'onnx::MatMul_1234_Q4'],
		['/model/layers.0/self_attn/q_proj/MatMul_quant', 'onnx::MatMul_1234_quantized'],
		['/model/layers.0/self_attn/q_proj/MatMul_matmul_Q4', 'onnx::MatMul_1234_DQ_Q4'],
		['/model/layers.0/self_attn/q_proj/Gemm', 'model.layers.0.self_attn.q_proj.weight'],
		// The exporter of PyTorch 2.5 and later: numbered nodes, weights with the name of the parameter.
		['node_MatMul_12', 'model.layers.0.self_attn.q_proj.weight'],
		['', 'model.layers.0.self_attn.q_proj.weight_quantized'],
		['', 'model.layers.0.self_attn.q_proj.weight_transposed'],
		['model.layers.0.self_attn.q_proj.MatMul', 'onnx::MatMul_12']
	])('of Optimum and PyTorch: %s with %s', (node, weight) => {
		expect(moduleName(node, weight)).toBe('model.layers.0.self_attn.q_proj');
	});

	it.each([
		['/model/layers.0/attn/q_proj/MatMul', 'model.layers.0.attn.q_proj.MatMul.weight'],
		['/model/layers.0/attn/q_proj/MatMul_Q4', 'model.layers.0.attn.q_proj.MatMul.weight_Q4'],
		['/model/layers.0/attn/q_proj/MatMul_Quant', 'model_layers_0_attn_q_proj_MatMul_weight_quant'],
		['/model/layers.0/attn/q_proj/MatMulNBits', 'model.layers.0.attn.q_proj.MatMulNBits.qweight'],
		['', 'model.layers.0.attn.q_proj.MatMul.weight_Q4G32'],
		['', 'model.layers.0.attn.q_proj.MatMulNBits.qweight']
	])('of the GenAI builder: %s with %s', (node, weight) => {
		const module = moduleName(node, weight) ?? '';
		expect(module).toBe('model.layers.0.attn.q_proj');
		expect(plainName(module)).toBe('model.layers.0.self_attn.q_proj');
	});

	it.each([
		['MatMul_12', 'onnx::MatMul_34'],
		['', ''],
		['/MatMul', 'val_3'],
		['node_linear_5', 'val_12']
	])('is null where neither says anything: "%s" with "%s"', (node, weight) => {
		expect(moduleName(node, weight)).toBeNull();
	});

	it('knows layers without a number', () => {
		expect(moduleName('/lm_head/MatMul', 'onnx::MatMul_9')).toBe('lm_head');
		expect(moduleName('lm_head/MatMul', 'val_494')).toBe('lm_head');
		expect(moduleName('node_linear_14', 'lm_head.weight')).toBe('lm_head');
		expect(moduleName('', 'lm_head.MatMul.weight_Q4')).toBe('lm_head');
		expect(moduleName('/transformer/h.3/attn/c_attn/Gemm', '')).toBe('transformer.h.3.attn.c_attn');
	});
});

describe('plainName', () => {
	it.each([
		['model.layers.3.self_attn.dense', 'model.layers.3.self_attn.o_proj'],
		['model.layers.3.self_attn.out_proj', 'model.layers.3.self_attn.o_proj'],
		['model.layers.3.attn.o_proj', 'model.layers.3.self_attn.o_proj'],
		['model.layers.3.feed_forward.w1', 'model.layers.3.mlp.gate_proj'],
		['model.layers.3.feed_forward.w2', 'model.layers.3.mlp.down_proj'],
		['model.layers.3.feed_forward.w3', 'model.layers.3.mlp.up_proj'],
		['model.layers.3.mlp.dense', 'model.layers.3.mlp.dense']
	])('%s is %s', (name, plain) => {
		expect(plainName(name)).toBe(plain);
	});
});

describe('innerName', () => {
	it.each([
		['model.layers.0.mlp.up_proj', 'layers.0.mlp.up_proj'],
		['model.language_model.layers.0.mlp.up_proj', 'layers.0.mlp.up_proj'],
		['layers.0.mlp.up_proj', 'layers.0.mlp.up_proj'],
		['bert.encoder.layer.11.attention.self.query', 'layer.11.attention.self.query'],
		['model.layers.0.mlp.experts.7.up_proj', 'layers.0.mlp.experts.7.up_proj'],
		[
			'model.vision_tower.encoder.layers.0.mlp.up_proj',
			'model.vision_tower.encoder.layers.0.mlp.up_proj'
		],
		['mtp.layers.0.mlp.up_proj', 'mtp.layers.0.mlp.up_proj'],
		['model.lm_head', 'lm_head'],
		['lm_head', 'lm_head']
	])('%s is %s', (name, inner) => {
		expect(innerName(name)).toBe(inner);
	});
});
