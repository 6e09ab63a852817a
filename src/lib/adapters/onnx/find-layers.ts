import type { GraphNode, GraphScan } from './graph-scan.ts';
import type { FloatFormat, LinearLayer } from './linear-layer.ts';

/** Of ONNX's numbers for number formats, those that branches can be written in. */
const formats: ReadonlyMap<number, FloatFormat> = new Map([
	[1, 'float32'],
	[10, 'float16']
]);
const float32 = 1;

/** Operations with weights in blocks, each with a scale. */
const blockwise: ReadonlySet<string> = new Set(['MatMulNBits', 'MatMulBnb4']);

/** So many nodes may stand between weights and the layer that uses them. */
const maxSteps = 4;

interface Weights {
	readonly name: string;
	/** [in, out] */
	readonly dims: readonly [number, number];
	readonly format: FloatFormat;
}

/** The linear layers of a graph, in its order, however their weights are stored. Others are left out. */
export function findLayers(scan: GraphScan): LinearLayer[] {
	const finder = new LayerFinder(scan);
	const byEnd = new Map<GraphNode, LinearLayer>();
	for (const node of scan.nodes) {
		const layer = finder.layer(node);
		if (layer) byEnd.set(layer.end, layer);
	}
	return [...byEnd.values()];
}

class LayerFinder {
	readonly #scan: GraphScan;
	/** By the name of the value that they make. */
	readonly #makers = new Map<string, GraphNode>();
	/** By the name of the value that they take first. */
	readonly #takers = new Map<string, GraphNode[]>();

	constructor(scan: GraphScan) {
		this.#scan = scan;
		for (const node of scan.nodes) {
			for (const { name } of node.outputs) this.#makers.set(name, node);
			for (const name of new Set(node.inputs)) {
				const takers = this.#takers.get(name);
				if (takers) takers.push(node);
				else this.#takers.set(name, [node]);
			}
		}
	}

	layer(node: GraphNode): LinearLayer | null {
		const [input, weight] = node.inputs;
		if (!input || !weight || node.outputs.length !== 1) return null;
		if (node.domain === 'com.microsoft')
			return blockwise.has(node.type) ? this.#blockwise(node, input, weight) : null;
		if (node.domain !== '' && node.domain !== 'ai.onnx') return null;
		switch (node.type) {
			case 'MatMul':
				return this.#plain(node, input, this.#weights(weight));
			case 'Gemm':
				return this.#gemm(node, input, this.#weights(weight));
			case 'MatMulInteger':
				return this.#integer(node, input, weight);
			default:
				return null;
		}
	}

	#plain(node: GraphNode, input: string, weights: Weights | null): LinearLayer | null {
		if (!weights) return null;
		const { name, dims, format } = weights;
		return {
			...{ names: [labelOf(node), name], input, end: node, format },
			...{ inSize: dims[0], outSize: dims[1] }
		};
	}

	#gemm(node: GraphNode, input: string, weights: Weights | null): LinearLayer | null {
		if (!weights || node.attributes.get('transA')) return null;
		const { dims } = weights;
		const turned = node.attributes.get('transB') ? ([dims[1], dims[0]] as const) : dims;
		return this.#plain(node, input, { ...weights, dims: turned });
	}

	/** x, y and the scales of the blocks are of one format. */
	#blockwise(node: GraphNode, input: string, weight: string): LinearLayer | null {
		const inSize = node.attributes.get('K');
		const outSize = node.attributes.get('N');
		const format = this.#formatOf(node.inputs[2]);
		if (!isSize(inSize) || !isSize(outSize) || !format) return null;
		return { names: [labelOf(node), weight], input, end: node, inSize, outSize, format };
	}

	/** DynamicQuantizeLinear → MatMulInteger → Cast → Mul: y is what the last one gives. */
	#integer(node: GraphNode, input: string, weight: string): LinearLayer | null {
		const rounding = this.#makers.get(input);
		const x = rounding?.inputs[0];
		if (rounding?.type !== 'DynamicQuantizeLinear' || !x) return null;
		const cast = this.#onlyTaker(node);
		const end = cast && this.#onlyTaker(cast);
		if (cast?.type !== 'Cast' || cast.attributes.get('to') !== float32) return null;
		if (end?.type !== 'Mul' || end.outputs.length !== 1) return null;
		const dims = pair(this.#scan.tensors.get(weight)?.dims);
		if (!dims) return null;
		return {
			...{ names: [labelOf(node), weight], input: x, end, format: 'float32' },
			...{ inSize: dims[0], outSize: dims[1] }
		};
	}

	/** What stands behind a value that is the same in every run, also where nodes turn or widen it first. */
	#weights(value: string): Weights | null {
		let name = value;
		let isTurned = false;
		let format: FloatFormat | null = null;
		for (let step = 0; step <= maxSteps; step++) {
			const tensor = this.#scan.tensors.get(name);
			if (tensor) {
				const dims = pair(tensor.dims);
				format ??= formats.get(tensor.type) ?? null;
				if (!dims || !format) return null;
				return { name, dims: isTurned ? [dims[1], dims[0]] : dims, format };
			}
			const maker = this.#makers.get(name);
			const from = maker?.inputs[0];
			if (!maker || !from) return null;
			if (maker.type === 'Transpose') isTurned = !isTurned;
			else if (maker.type === 'Cast')
				format ??= formats.get(maker.attributes.get('to') ?? 0) ?? null;
			else if (maker.type === 'DequantizeLinear') format ??= this.#formatOf(maker.inputs[1]);
			else if (maker.type !== 'Identity') return null;
			name = from;
		}
		return null;
	}

	#formatOf(tensor: string | undefined): FloatFormat | null {
		return formats.get(this.#scan.tensors.get(tensor ?? '')?.type ?? 0) ?? null;
	}

	#onlyTaker(node: GraphNode): GraphNode | null {
		const takers = this.#takers.get(node.outputs[0]?.name ?? '') ?? [];
		return takers.length === 1 ? (takers[0] ?? null) : null;
	}
}

/** Its name; where that is a number only, the module that it comes from, as a name. */
function labelOf({ name, module, type }: GraphNode): string {
	return module === '' || name.includes('/') ? name : `${module}/${type}`;
}

function pair(dims: readonly number[] | undefined): readonly [number, number] | null {
	const [rows, columns, more] = dims ?? [];
	return more === undefined && isSize(rows) && isSize(columns) ? [rows, columns] : null;
}

function isSize(value: number | undefined): value is number {
	return value !== undefined && Number.isSafeInteger(value) && value > 0;
}
