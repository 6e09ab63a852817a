import { describe, expect, it } from 'vitest';
import { OnnxGraph } from '../../../../tests/fixtures/tiny-models/onnx-graph.ts';
import { bytesInPieces } from '../../testing/bytes-in-pieces.ts';
import { findLayers } from './find-layers.ts';
import { LayerIndex } from './layer-index.ts';
import type { LinearLayer } from './linear-layer.ts';
import { scanGraph } from './scan-graph.ts';

async function layersOf(build: (graph: OnnxGraph, x: string) => unknown): Promise<LinearLayer[]> {
	const graph = new OnnxGraph('small');
	build(graph, graph.input('x', 'float32', ['batch_size', 4]));
	const bytes = graph.toBytes();
	const file = { bytes: bytes.byteLength, body: bytesInPieces(bytes, 512) };
	return findLayers(await scanGraph(file, 'Tiny Llama'));
}

const numbers = (count: number): Float32Array => new Float32Array(count);

describe('findLayers', () => {
	it('finds products with weights, in the order of the graph', async () => {
		const layers = await layersOf((graph, x) => {
			const label = { name: '/q_proj/MatMul', output: 'y' };
			graph.node('MatMul', [x, graph.weights('w', [4, 6], numbers(24))], {}, label);
			const halves = graph.weights('v', [6, 2], new Uint16Array(12), 'float16');
			graph.node('MatMul', ['y', halves], {}, { name: '/o_proj/MatMul' });
		});
		expect(layers).toMatchObject([
			{ names: ['/q_proj/MatMul', 'w'], input: 'x', inSize: 4, outSize: 6, format: 'float32' },
			{ names: ['/o_proj/MatMul', 'v'], input: 'y', inSize: 6, outSize: 2, format: 'float16' }
		]);
		expect(layers[0]?.end.outputs[0]?.name).toBe('y');
	});

	it('calls a layer after its module where its name is a number', async () => {
		const module = 'model.layers.0.mlp.up_proj';
		const layers = await layersOf((graph, x) => {
			const weights = graph.weights('val_12', [4, 6], numbers(24));
			graph.node('MatMul', [x, weights], {}, { name: 'node_MatMul_7', module });
			graph.node('MatMul', [x, weights], {}, { name: '/mlp/up_proj/MatMul', module });
		});
		expect(layers.map(({ names }) => names[0])).toEqual([
			`${module}/MatMul`,
			'/mlp/up_proj/MatMul'
		]);
	});

	it('calls the last layer so, which lies in no other', async () => {
		const [layer] = await layersOf((graph, x) => {
			const weights = graph.weights('val_494', [4, 6], numbers(24));
			graph.node('MatMul', [x, weights], {}, { name: 'node_linear_14', module: 'lm_head' });
		});
		expect(layer?.names).toEqual(['lm_head/MatMul', 'val_494']);
		expect(new LayerIndex([layer!]).find('lm_head')).toEqual([layer]);
	});

	it.each([
		['as they are', 0, [4, 6]],
		['transposed', 1, [6, 4]]
	])('reads the weights of Gemm %s', async (_, transB, shape) => {
		const [layer] = await layersOf((graph, x) => {
			const weights = graph.weights('w', shape, numbers(24));
			graph.node('Gemm', [x, weights], { transB: { int: transB } });
		});
		expect(layer).toMatchObject({ input: 'x', inSize: 4, outSize: 6 });
	});

	it.each(['float32', 'float16'] as const)(
		'takes sizes of MatMulNBits from its attributes, and %s from its scales',
		async (type) => {
			const [layer] = await layersOf((graph, x) => {
				const packed = graph.weights('w_Q4', [6, 1, 16], new Uint8Array(96), 'uint8');
				const numbersOf = type === 'float16' ? new Uint16Array(6) : numbers(6);
				const scales = graph.weights('w_scales', [6], numbersOf, type);
				graph.node(
					'MatMulNBits',
					[x, packed, scales],
					{ K: { int: 32 }, N: { int: 6 } },
					{
						...{ name: '/q_proj/MatMul_Q4', domain: 'com.microsoft' }
					}
				);
			});
			expect(layer).toMatchObject({
				...{ names: ['/q_proj/MatMul_Q4', 'w_Q4'], input: 'x', format: type },
				...{ inSize: 32, outSize: 6 }
			});
		}
	);

	it('knows blocks of four bits as bitsandbytes has them', async () => {
		const [layer] = await layersOf((graph, x) => {
			const packed = graph.weights('w_Bnb4', [96], new Uint8Array(96), 'uint8');
			const scales = graph.weights('w_absmax', [6], numbers(6));
			const sizes = { K: { int: 32 }, N: { int: 6 } };
			const label = { name: '/q_proj/MatMul_Bnb4', domain: 'com.microsoft' } as const;
			graph.node('MatMulBnb4', [x, packed, scales], sizes, label);
		});
		expect(layer).toMatchObject({
			...{ names: ['/q_proj/MatMul_Bnb4', 'w_Bnb4'], input: 'x', format: 'float32' },
			...{ inSize: 32, outSize: 6 }
		});
	});

	it('puts the branch of a product of bytes around it: from before its rounding to behind its scaling', async () => {
		const [layer, ...others] = await layersOf((graph, x) => {
			const weights = graph.weights('w_quantized', [4, 6], new Int8Array(24), 'int8');
			const [bytes = '', scale = '', zero = ''] = graph.nodeOf('DynamicQuantizeLinear', [x], 3);
			const label = { name: '/q_proj/MatMul_quant' };
			const product = graph.node('MatMulInteger', [bytes, weights, zero], {}, label);
			const scales = graph.node('Mul', [scale, graph.float(0.1)]);
			graph.node('Mul', [graph.cast(product, 'float32'), scales], {}, 'y');
		});
		expect(layer).toMatchObject({ input: 'x', inSize: 4, outSize: 6, format: 'float32' });
		expect(layer?.end).toMatchObject({ type: 'Mul', outputs: [{ name: 'y' }] });
		expect(others).toEqual([]);
	});

	it.each([
		['turned', 'Transpose', 4, 6],
		['handed on', 'Identity', 6, 4]
	])('looks through nodes: weights that are %s', async (_, type, inSize, outSize) => {
		const [layer] = await layersOf((graph, x) => {
			const weights = graph.weights('w', [6, 4], numbers(24));
			graph.node('MatMul', [x, graph.node(type, [weights])]);
		});
		expect(layer).toMatchObject({ names: ['node_1', 'w'], inSize, outSize, format: 'float32' });
	});

	it('takes the format of widened weights from what they become', async () => {
		const layers = await layersOf((graph, x) => {
			const bytes = graph.weights('w', [4, 6], new Int8Array(24), 'int8');
			graph.node('MatMul', [x, graph.node('DequantizeLinear', [bytes, graph.float(0.1)])]);
			const halves = graph.weights('v', [4, 6], new Uint16Array(24), 'float16');
			graph.node('MatMul', [x, graph.cast(halves, 'float32')]);
		});
		expect(layers.map(({ names, format }) => [names[1], format])).toEqual([
			['w', 'float32'],
			['v', 'float32']
		]);
	});

	it.each([
		['values that are computed', (graph: OnnxGraph, x: string) => graph.node('MatMul', [x, x])],
		[
			'weights that are no matrix',
			(graph: OnnxGraph, x: string) =>
				graph.node('MatMul', [x, graph.weights('w', [1, 4, 6], numbers(24))])
		],
		[
			'weights of whole numbers',
			(graph: OnnxGraph, x: string) => graph.node('MatMul', [x, graph.integers(1, 2)])
		],
		[
			'an input that is transposed',
			(graph: OnnxGraph, x: string) =>
				graph.node('Gemm', [x, graph.weights('w', [4, 6], numbers(24))], { transA: { int: 1 } })
		],
		[
			'an operation of another library',
			(graph: OnnxGraph, x: string) =>
				graph.node(
					'MatMul',
					[x, graph.weights('w', [4, 6], numbers(24))],
					{},
					{
						domain: 'com.microsoft'
					}
				)
		],
		[
			'blocks without sizes',
			(graph: OnnxGraph, x: string) =>
				graph.node(
					'MatMulNBits',
					[x, graph.weights('w', [6], numbers(6)), 'w'],
					{},
					{
						domain: 'com.microsoft'
					}
				)
		],
		[
			'a product of bytes that nothing scales',
			(graph: OnnxGraph, x: string) => {
				const [bytes = ''] = graph.nodeOf('DynamicQuantizeLinear', [x], 3);
				const weights = graph.weights('w', [4, 6], new Int8Array(24), 'int8');
				graph.node('Relu', [graph.node('MatMulInteger', [bytes, weights])]);
			}
		]
	])('leaves out %s', async (_, build) => {
		expect(await layersOf(build)).toEqual([]);
	});

	it('does not go round in circles', async () => {
		const layers = await layersOf((graph, x) => {
			graph.node('Transpose', ['b'], {}, 'a');
			graph.node('Transpose', ['a'], {}, 'b');
			graph.node('MatMul', [x, 'a']);
		});
		expect(layers).toEqual([]);
	});
});
