import type { LinearLayer } from '../adapters/onnx/linear-layer.ts';

const nowhere = { start: 0, end: 0 };

/** A layer as an exporter names it, for tests of all that does not read its graph. */
export function linearLayer(node: string, inSize: number, outSize: number): LinearLayer {
	const place = { length: nowhere, content: nowhere };
	return {
		...{ names: [node, 'onnx::MatMul_1'], input: 'x', inSize, outSize, format: 'float32' },
		end: {
			...{ name: node, type: 'MatMul', domain: '', module: '', place },
			inputs: ['x', 'onnx::MatMul_1'],
			...{ outputs: [{ name: 'y', span: nowhere }], attributes: new Map() }
		}
	};
}
