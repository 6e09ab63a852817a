import { describe, expect, it } from 'vitest';
import { OnnxGraph } from '../../../../tests/fixtures/tiny-models/onnx-graph.ts';
import { bytesInPieces } from '../../testing/bytes-in-pieces.ts';
import { ProtobufWriter, varint } from './protobuf-writer.ts';
import { scanGraph } from './scan-graph.ts';
import type { GraphScan } from './graph-scan.ts';

function scan(bytes: Uint8Array<ArrayBuffer>, piece = 64): Promise<GraphScan> {
	const file = { bytes: bytes.byteLength, body: bytesInPieces(bytes, piece) };
	return scanGraph(file, 'Tiny Llama');
}

function graphBytes(dataFile: string | null = null): Uint8Array<ArrayBuffer> {
	const graph = new OnnxGraph('small', dataFile);
	const x = graph.input('x', 'float32', ['batch_size', 4]);
	const weights = graph.weights('w', [4, 512], new Float32Array(2048).fill(0.5));
	const product = graph.node('MatMul', [x, weights], {}, { name: '/q_proj/MatMul', output: 'y' });
	graph.node('Gemm', [product, weights], { transB: { int: 1 }, axis: { int: -1 } }, 'z');
	graph.output('z', 'float32', ['batch_size', 4]);
	return graph.toBytes();
}

const at = (bytes: Uint8Array, { start, end }: { start: number; end: number }): Uint8Array =>
	bytes.subarray(start, end);

describe('scanGraph', () => {
	it.each([1, 5, 4096])('finds nodes and weights, in pieces of %d', async (piece) => {
		const bytes = graphBytes();
		const found = await scan(bytes, piece);
		expect(found.bytes).toBe(bytes.byteLength);
		expect(found.nodes.map(({ name, type, inputs }) => [name, type, inputs])).toEqual([
			['/q_proj/MatMul', 'MatMul', ['x', 'w']],
			['node_1', 'Gemm', ['y', 'w']]
		]);
		expect([...(found.nodes[1]?.attributes ?? [])]).toEqual([
			['transB', 1],
			['axis', -1]
		]);
		expect(found.tensors.get('w')).toEqual({ dims: [4, 512], type: 1 });
		expect(found.hasInnerGraphs).toBe(false);
	});

	it('tells where each thing lies', async () => {
		const bytes = graphBytes();
		const { nodes, place } = await scan(bytes);
		const { place: nodePlace, outputs } = nodes[0]!;
		const inner = nodePlace.content.end - nodePlace.content.start;
		expect([...at(bytes, nodePlace.length)]).toEqual([...varint(BigInt(inner))]);
		expect(new TextDecoder().decode(at(bytes, outputs[0]!.span))).toBe('\u0001y');
		expect(place.content.start).toBe(place.length.end);
		const whole = place.content.end - place.content.start;
		expect([...at(bytes, place.length)]).toEqual([...varint(BigInt(whole))]);
	});

	it('finds weights that lie in another file', async () => {
		const { tensors, bytes } = await scan(graphBytes('model.onnx_data'));
		expect(tensors.get('w')).toEqual({ dims: [4, 512], type: 1 });
		expect(bytes).toBeLessThan(1024);
	});

	it('reads sizes that are written as one list', async () => {
		const tensor = new ProtobufWriter().bytes(1, Uint8Array.of(4, 0x80, 1)).integer(2, 10);
		const graph = new ProtobufWriter().message(5, tensor.text(8, 'w'));
		const { tensors } = await scan(new ProtobufWriter().message(7, graph).finish());
		expect(tensors.get('w')).toEqual({ dims: [4, 128], type: 10 });
	});

	it.each([
		["['', 'model', 'model.layers.0.mlp.up_proj', 'linear_3']", 'model.layers.0.mlp.up_proj'],
		["['', 'linear']", ''],
		['[]', ''],
		['nothing of the kind', '']
	])('reads from which module a node comes: %s', async (scopes, module) => {
		const note = (key: string, value: string): ProtobufWriter =>
			new ProtobufWriter().text(1, key).text(2, value);
		const node = new ProtobufWriter()
			.message(9, note('pkg.torch.onnx.stack_trace', "File 'a', in 'b'"))
			.message(9, note('pkg.torch.onnx.name_scopes', scopes))
			.text(4, 'MatMul');
		const graph = new ProtobufWriter().message(1, node);
		const { nodes } = await scan(new ProtobufWriter().message(7, graph).finish());
		expect(nodes[0]).toMatchObject({ type: 'MatMul', module });
	});

	it('notices graphs within nodes', async () => {
		const branch = new ProtobufWriter().text(1, 'then_branch').message(6, new ProtobufWriter());
		const node = new ProtobufWriter().text(4, 'If').message(5, branch);
		const graph = new ProtobufWriter().message(1, node);
		const found = await scan(new ProtobufWriter().message(7, graph).finish());
		expect(found.hasInnerGraphs).toBe(true);
	});

	it('passes more than 4 GiB of weights without keeping them, and counts them exactly', async () => {
		const size = 5 * 2 ** 30;
		const node = new ProtobufWriter().text(2, 'y').text(3, 'last').text(4, 'MatMul');
		const after = new ProtobufWriter().message(1, node).finish();
		const raw = Uint8Array.of(0x4a, ...varint(BigInt(size)));
		const named = new ProtobufWriter().text(8, 'w').finish();
		const tensorLength = varint(BigInt(named.byteLength + raw.byteLength + size));
		const tensor = Uint8Array.of(0x2a, ...tensorLength, ...named, ...raw);
		const inner = tensor.byteLength + size + after.byteLength;
		const head = Uint8Array.of(0x3a, ...varint(BigInt(inner)), ...tensor);
		const zeros = new Uint8Array(2 ** 26);
		const pieces = [head, ...new Array<Uint8Array<ArrayBuffer>>(80).fill(zeros), after];
		const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
			pull(controller) {
				const next = pieces.shift();
				if (next) controller.enqueue(next);
				else controller.close();
			}
		});
		const bytes = head.byteLength + size + after.byteLength;
		const found = await scanGraph({ bytes, body }, 'Large Llama');
		expect(found.bytes).toBe(bytes);
		expect(found.place.content.end).toBe(bytes);
		expect(found.nodes[0]?.place.content.end).toBe(bytes);
	});

	it.each([
		['nothing', new Uint8Array(), 'it holds no graph'],
		['no graph', new ProtobufWriter().integer(1, 8).finish(), 'it holds no graph'],
		['a graph that is a number', Uint8Array.of(0x38, 1), 'field 7 is of the wrong kind'],
		['two graphs', Uint8Array.of(0x3a, 0, 0x3a, 0), 'it holds two graphs'],
		['a graph longer than the file', Uint8Array.of(0x3a, 5, 0x12), 'it ends too early'],
		['a node longer than its graph', Uint8Array.of(0x3a, 3, 0x0a, 9, 0), 'longer than the whole'],
		['a number across the end', Uint8Array.of(0x3a, 2, 0x08, 0x80, 1), 'longer than the whole'],
		['a field without a number', Uint8Array.of(0x02, 0), 'a field has no number'],
		['a group', Uint8Array.of(0x3b), 'a field is of no known kind'],
		['a length below zero', Uint8Array.of(0x3a, ...varint(-5n)), 'a length is no length'],
		['a length beyond all', Uint8Array.of(0x3a, ...varint(2n ** 62n)), 'a length is no length']
	])('refuses %s', async (_, bytes, reason) => {
		await expect(scan(bytes)).rejects.toMatchObject({
			code: 'engine/bad-model',
			details: { name: 'Tiny Llama', reason: expect.stringContaining(reason) as string }
		});
	});

	it.each([
		['dimensions without end', 1, new Uint8Array(70_000).fill(1), 'a list is too long'],
		['many dimensions', 1, new Uint8Array(20).fill(1), 'too many dimensions'],
		['a very long name', 8, new Uint8Array(70_000).fill(65), 'a name is too long'],
		['a list that ends within a number', 1, Uint8Array.of(0x80), 'within a number']
	])('refuses a tensor with %s', async (_, field, content, reason) => {
		const tensor = new ProtobufWriter().bytes(field, content).integer(2, 1);
		const graph = new ProtobufWriter().message(5, tensor);
		const bytes = new ProtobufWriter().message(7, graph).finish();
		await expect(scan(bytes)).rejects.toThrow(reason);
	});

	it('passes on what the stream fails with, and lets go of it', async () => {
		const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
			pull: () => Promise.reject(new Error('The disk is gone.'))
		});
		await expect(scanGraph({ bytes: 9, body }, 'Tiny Llama')).rejects.toThrow('The disk is gone.');
	});
});
