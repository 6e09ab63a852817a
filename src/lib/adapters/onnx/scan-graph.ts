import type { ModelFile } from '../model-files.ts';
import { ByteCursor } from './byte-cursor.ts';
import type { GraphNode, GraphScan, GraphTensor, NodeOutput } from './graph-scan.ts';
import { MessageReader, type Field } from './message-reader.ts';

/** More than any model has: a file of nothing but nodes must not fill the memory. */
const maxParts = 1_000_000;
const maxDims = 16;

/**
 * Reads an ONNX file once, from front to back, and keeps its structure only: weights pass unread. `name` is that of
 * the model, for messages. Errors: `engine/bad-model`, and those of the stream.
 */
export async function scanGraph({ body }: ModelFile, name: string): Promise<GraphScan> {
	const cursor = new ByteCursor(body, name);
	try {
		return await scanModel(cursor);
	} finally {
		await cursor.cancel().catch(() => undefined);
	}
}

async function scanModel(cursor: ByteCursor): Promise<GraphScan> {
	const model = new MessageReader(cursor, Infinity);
	let graph: Omit<GraphScan, 'bytes'> | null = null;
	for (let field = await model.next(); field; field = await model.next()) {
		if (field.number !== 7) continue;
		if (graph) throw cursor.fault('it holds two graphs');
		graph = await scanParts(cursor, model, field);
	}
	if (!graph) throw cursor.fault('it holds no graph');
	return { ...graph, bytes: cursor.offset };
}

async function scanParts(
	cursor: ByteCursor,
	model: MessageReader,
	place: Field
): Promise<Omit<GraphScan, 'bytes'>> {
	const graph = model.message(place);
	const nodes: GraphNode[] = [];
	const tensors = new Map<string, GraphTensor>();
	let hasInnerGraphs = false;
	for (let field = await graph.next(); field; field = await graph.next()) {
		if (nodes.length + tensors.size > maxParts) throw cursor.fault('it has too many parts');
		if (field.number === 1) {
			const { node, hasInnerGraph } = await scanNode(graph, field);
			nodes.push(node);
			hasInnerGraphs ||= hasInnerGraph;
		} else if (field.number === 5) {
			const { name, tensor } = await scanTensor(graph.message(field));
			if (tensor.dims.length > maxDims) throw cursor.fault('a tensor has too many dimensions');
			tensors.set(name, tensor);
		}
	}
	return { place: model.place(place), nodes, tensors, hasInnerGraphs };
}

async function scanNode(
	graph: MessageReader,
	place: Field
): Promise<{ node: GraphNode; hasInnerGraph: boolean }> {
	const reader = graph.message(place);
	const texts = { name: '', type: '', domain: '', module: '' };
	const inputs: string[] = [];
	const outputs: NodeOutput[] = [];
	const attributes = new Map<string, number>();
	let hasInnerGraph = false;
	for (let field = await reader.next(); field; field = await reader.next()) {
		if (field.number === 1) inputs.push(await reader.text(field));
		else if (field.number === 2) {
			const { length, content } = reader.place(field);
			const name = await reader.text(field);
			outputs.push({ name, span: { start: length.start, end: content.end } });
		} else if (field.number === 3) texts.name = await reader.text(field);
		else if (field.number === 4) texts.type = await reader.text(field);
		else if (field.number === 7) texts.domain = await reader.text(field);
		else if (field.number === 5) {
			const attribute = await scanAttribute(reader.message(field));
			if (attribute.value !== null) attributes.set(attribute.name, attribute.value);
			hasInnerGraph ||= attribute.isGraph;
		} else if (field.number === 9) texts.module ||= await scanOrigin(reader.message(field));
	}
	const node = { ...texts, inputs, outputs, attributes, place: graph.place(place) };
	return { node, hasInnerGraph };
}

async function scanAttribute(
	reader: MessageReader
): Promise<{ name: string; value: number | null; isGraph: boolean }> {
	const attribute = { name: '', value: null as number | null, isGraph: false };
	for (let field = await reader.next(); field; field = await reader.next()) {
		if (field.number === 1) attribute.name = await reader.text(field);
		else if (field.number === 3) attribute.value = field.value;
		// One graph, or a list of them.
		else if (field.number === 6 || field.number === 11) attribute.isGraph = true;
	}
	return attribute;
}

/** Reads one of the notes beside a node: `['', 'model', 'model.layers.0.mlp', 'linear_3']`, the operation at the end. */
async function scanOrigin(reader: MessageReader): Promise<string> {
	let key = '';
	for (let field = await reader.next(); field; field = await reader.next()) {
		if (field.number === 1) key = await reader.text(field);
		// Others hold whole stack traces: they pass unread.
		else if (field.number === 2 && key === 'pkg.torch.onnx.name_scopes') {
			const scopes = [...(await reader.text(field)).matchAll(/'([^']*)'/g)];
			return scopes.at(-2)?.[1] ?? '';
		}
	}
	return '';
}

async function scanTensor(reader: MessageReader): Promise<{ name: string; tensor: GraphTensor }> {
	const dims: number[] = [];
	let name = '';
	let type = 0;
	for (let field = await reader.next(); field; field = await reader.next()) {
		if (field.number === 1 && dims.length <= maxDims) dims.push(...(await reader.integers(field)));
		else if (field.number === 2) type = field.value ?? 0;
		else if (field.number === 8) name = await reader.text(field);
	}
	return { name, tensor: { dims, type } };
}
