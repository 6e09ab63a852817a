import type { Place, Span } from './message-reader.ts';

/** Where things are in an ONNX file, without its weights. */
export interface GraphScan {
	/** Of the whole file. */
	readonly bytes: number;
	/** Of the graph. */
	readonly place: Place;
	readonly nodes: readonly GraphNode[];
	readonly tensors: ReadonlyMap<string, GraphTensor>;
	/** Whether some of its nodes hold graphs of their own, which are not looked into. */
	readonly hasInnerGraphs: boolean;
}

export interface GraphNode {
	/** May be empty. */
	readonly name: string;
	/** The module that it comes from, where PyTorch's exporter wrote that beside it; else empty. */
	readonly module: string;
	/** `MatMul`. */
	readonly type: string;
	/** Empty for ONNX's own operations. */
	readonly domain: string;
	readonly inputs: readonly string[];
	readonly outputs: readonly NodeOutput[];
	/** Those that are integers. */
	readonly attributes: ReadonlyMap<string, number>;
	readonly place: Place;
}

export interface NodeOutput {
	readonly name: string;
	/** Of the name with its length. */
	readonly span: Span;
}

/** Weights, wherever their numbers lie. */
export interface GraphTensor {
	readonly dims: readonly number[];
	/** As `TensorProto.DataType` counts: 1 is float, 10 is float16. */
	readonly type: number;
}
