import { describe, expect, it } from 'vitest';
import { linearLayer } from '../../testing/linear-layer.ts';
import { LayerIndex } from './layer-index.ts';

function indexOf(...nodes: readonly string[]): LayerIndex {
	return new LayerIndex(nodes.map((node) => linearLayer(node, 4, 4)));
}

function found(index: LayerIndex, module: string): (string | undefined)[] {
	return index.find(module).map(({ names }) => names[0]);
}

describe('LayerIndex', () => {
	const query = '/model/layers.1/self_attn/q_proj/MatMul';

	it('finds a layer by its module', () => {
		const index = indexOf('/model/layers.0/self_attn/q_proj/MatMul', query);
		expect(found(index, 'model.layers.1.self_attn.q_proj')).toEqual([query]);
		expect(found(index, 'model.layers.2.self_attn.q_proj')).toEqual([]);
		expect(found(index, 'model.layers.1.self_attn.k_proj')).toEqual([]);
	});

	it.each([
		'model.language_model.layers.1.self_attn.q_proj',
		'layers.1.self_attn.q_proj',
		'transformer.layers.1.attn.q_proj'
	])('whatever the model is wrapped in: %s', (module) => {
		expect(found(indexOf(query, '/lm_head/MatMul'), module)).toEqual([query]);
	});

	it.each([
		'model.vision_tower.encoder.layers.1.self_attn.q_proj',
		'mtp.layers.1.self_attn.q_proj'
	])('takes no layer of the language model for one beside it: %s', (module) => {
		expect(found(indexOf(query), module)).toEqual([]);
	});

	it('prefers the very name, and finds nothing where two would do', () => {
		const draft = '/draft/layers.1/self_attn/q_proj/MatMul';
		const index = indexOf(query, draft);
		expect(found(index, 'model.layers.1.self_attn.q_proj')).toEqual([query]);
		expect(found(index, 'draft.layers.1.self_attn.q_proj')).toEqual([draft]);
		expect(found(index, 'text.layers.1.self_attn.q_proj')).toEqual([]);
	});

	it('finds all uses of one module', () => {
		const again = '/model/layers.1/self_attn/q_proj/MatMul_1';
		expect(found(indexOf(query, again), 'model.layers.1.self_attn.q_proj')).toEqual([query, again]);
	});

	it('gives a name that the graph has, best one of a module', () => {
		expect(indexOf('MatMul_7', query).example).toBe(query);
		expect(indexOf('MatMul_7').example).toBe('MatMul_7');
		expect(indexOf().example).toBeNull();
	});

	it('knows which layers nothing tells the module of', () => {
		const quantised = 'node_linear_3_Q4';
		const { nameless } = indexOf(query, quantised);
		expect(nameless.map(({ names }) => names[0])).toEqual([quantised]);
	});
});
