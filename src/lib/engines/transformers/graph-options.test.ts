import { expect, test } from 'vitest';
import { graphOptions } from './graph-options.ts';

test.each([
	['one file', ['config.json', 'onnx/model.onnx'], 'model', 0],
	['a quantised file', ['onnx/model_quantized.onnx'], 'model', 0],
	['weights beside it', ['onnx/model_q4f16.onnx', 'onnx/model_q4f16.onnx_data'], 'model', 1],
	[
		'weights in several files',
		['onnx/model.onnx_data', 'onnx/model.onnx_data_1', 'onnx/model.onnx'],
		'model',
		2
	],
	['a name of its own', ['onnx/decoder_model_merged_q4.onnx'], 'decoder_model_merged', 0],
	['a name that only looks like a quantisation', ['onnx/my_q4model.onnx'], 'my_q4model', 0]
])('a graph of %s', (_, paths, name, count) => {
	expect(graphOptions(paths)).toEqual({ model_file_name: name, use_external_data_format: count });
});

test('without a graph nothing is said of its name', () => {
	expect(graphOptions(['config.json'])).toEqual({ use_external_data_format: 0 });
});
