import { describe, expect, it } from 'vitest';
import { OnnxGraph } from '../../../../tests/fixtures/tiny-models/onnx-graph.ts';
import { AppError } from '../../core/errors.ts';
import type { AdapterId } from '../../core/ids.ts';
import { memoryModelFiles } from '../../testing/memory-model-files.ts';
import { readAll } from '../../testing/read-all.ts';
import type { AppliedAdapter } from '../applied-adapter.ts';
import { graftFiles } from './graft-files.ts';

const path = 'onnx/model.onnx';

/** One layer of floats, and one of blocks: as small as a graph can be. */
function smallGraph(): Uint8Array<ArrayBuffer> {
	const graph = new OnnxGraph('small');
	const x = graph.input('x', 'float32', ['batch_size', 4]);
	const weights = graph.weights('onnx::MatMul_1', [4, 32], new Float32Array(128).fill(0.1));
	const label = { name: '/model/layers.0/mlp/up_proj/MatMul', output: 'y' };
	graph.node('MatMul', [x, weights], {}, label);
	const packed = graph.weights('onnx::MatMul_2_Q4', [2, 1, 16], new Uint8Array(32), 'uint8');
	const scales = graph.weights('onnx::MatMul_2_scales', [2], new Float32Array(2).fill(0.1));
	const sizes = { K: { int: 32 }, N: { int: 2 }, bits: { int: 4 }, block_size: { int: 32 } };
	graph.node('MatMulNBits', ['y', packed, scales], sizes, {
		...{ name: '/model/layers.0/mlp/down_proj/MatMul_Q4', output: 'z', domain: 'com.microsoft' }
	});
	graph.output('z', 'float32', ['batch_size', 2]);
	return graph.toBytes();
}

const module = { rank: 1, scale: 1 };
const adapter: AppliedAdapter = {
	...{ id: 'a' as AdapterId, name: 'Pirate', strength: 1 },
	modules: [
		{
			...{ ...module, module: 'model.layers.0.mlp.up_proj', inSize: 4, outSize: 32 },
			...{ a: new Float32Array(4).fill(1), b: new Float32Array(32).fill(1) }
		},
		{
			...{ ...module, module: 'model.layers.0.mlp.down_proj', inSize: 32, outSize: 2 },
			...{ a: new Float32Array(32).fill(1), b: new Float32Array(2).fill(1) }
		}
	]
};

/** What the file says of its size, once it has been read; or the error. Anything but an `AppError` comes through. */
async function attempt(graph: Uint8Array<ArrayBuffer>): Promise<number | AppError> {
	try {
		const model = memoryModelFiles(new Map([[path, graph]]), 100);
		const { files } = await graftFiles(model, [adapter], 'Tiny Llama');
		const file = await files.open(path);
		expect((await readAll(file!.body)).byteLength).toBe(file!.bytes);
		return file!.bytes;
	} catch (error) {
		if (error instanceof AppError) return error;
		throw error;
	}
}

function dice(seed: number): (below: number) => number {
	let state = seed;
	return (below) => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return Math.floor((state / 2 ** 32) * below);
	};
}

describe('a graph that is damaged', () => {
	const graph = smallGraph();

	it('is refused wherever it is cut off', async () => {
		expect(await attempt(graph)).toBeGreaterThan(graph.byteLength);
		const codes = new Map<number, string>();
		for (let end = 0; end < graph.byteLength; end++) {
			const outcome = await attempt(graph.slice(0, end));
			codes.set(end, outcome instanceof AppError ? outcome.code : 'read');
		}
		const readable = [...codes].filter(([, code]) => code !== 'engine/bad-model');
		// Behind the graph stand two entries on the operations that it uses: without them it is whole.
		expect(readable.every(([, code]) => code === 'read')).toBe(true);
		expect(readable.map(([end]) => graph.byteLength - end)).toEqual([25, 19]);
	});

	it('never does worse than an error, whichever bytes are wrong', async () => {
		const next = dice(7);
		const outcomes = { refused: 0, read: 0 };
		for (let round = 0; round < 1500; round++) {
			const bytes = graph.slice();
			for (let flips = 1 + next(3); flips > 0; flips--) bytes[next(bytes.byteLength)] = next(256);
			const outcome = await attempt(bytes);
			outcomes[outcome instanceof AppError ? 'refused' : 'read']++;
		}
		expect(outcomes.refused).toBeGreaterThan(150);
		expect(outcomes.read).toBeGreaterThan(150);
	}, 30_000);

	it('never does worse than an error when it is noise', async () => {
		const next = dice(11);
		for (let round = 0; round < 500; round++) {
			const noise = Uint8Array.from({ length: next(200) }, () => next(256));
			expect(await attempt(noise)).toBeInstanceOf(AppError);
		}
	});
});
