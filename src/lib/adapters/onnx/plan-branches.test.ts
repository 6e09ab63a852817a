import { describe, expect, it } from 'vitest';
import type { AdapterId } from '../../core/ids.ts';
import { linearLayer } from '../../testing/linear-layer.ts';
import type { AppliedAdapter } from '../applied-adapter.ts';
import type { LoraModule } from '../lora-module.ts';
import { LayerIndex } from './layer-index.ts';
import type { LinearLayer } from './linear-layer.ts';
import type { PlacingModel } from './place-module.ts';
import { planBranches } from './plan-branches.ts';
import { downWeights, upWeights } from './side-branch.ts';

const attention = 'model.layers.0.self_attn';

/** Its numbers are 1, 2, 3 … in A, and 10, 20, 30 … in B. */
function lora(module: string, inSize: number, outSize: number, rank = 1): LoraModule {
	return {
		...{ module, rank, inSize, outSize, scale: 2 },
		a: Float32Array.from({ length: rank * inSize }, (_, at) => at + 1),
		b: Float32Array.from({ length: outSize * rank }, (_, at) => (at + 1) * 10)
	};
}

function adapterOf(modules: readonly LoraModule[], strength = 1, name = 'Pirate'): AppliedAdapter {
	return { id: name as AdapterId, name, strength, modules };
}

function modelOf(
	layers: readonly LinearLayer[],
	heads: PlacingModel['heads'] = null
): PlacingModel<LinearLayer> {
	return { name: 'Tiny Llama', index: new LayerIndex(layers), heads };
}

const node = (module: string): string =>
	`/${module.replaceAll('.', '/').replace('/0/', '.0/')}/MatMul`;
const layer = (module: string, inSize: number, outSize: number): LinearLayer =>
	linearLayer(node(module), inSize, outSize);

describe('planBranches', () => {
	const query = layer(`${attention}.q_proj`, 2, 3);

	it('puts A and B as the graph multiplies them, with scale and strength in B', () => {
		const adapter = adapterOf([lora(`${attention}.q_proj`, 2, 3, 2)], 0.5);
		const { branches, matches } = planBranches([adapter], modelOf([query]), '');
		expect(matches).toEqual([{ adapter: 'Pirate', matched: 1, of: 1 }]);
		const [branch] = branches;
		expect(branch?.layer).toBe(query);
		// [[1, 2], [3, 4]] and [[10, 20], [30, 40], [50, 60]], each turned.
		expect([...downWeights(branch!)]).toEqual([1, 3, 2, 4]);
		expect([...upWeights(branch!)]).toEqual([10, 30, 50, 20, 40, 60]);
	});

	it('puts the ranks of several adapters side by side', () => {
		const adapters = [
			adapterOf([lora(`${attention}.q_proj`, 2, 3)]),
			adapterOf([lora(`${attention}.q_proj`, 2, 3, 2)], 0.5, 'Poet')
		];
		const { branches, matches } = planBranches(adapters, modelOf([query]), '');
		expect(matches.map(({ adapter }) => adapter)).toEqual(['Pirate', 'Poet']);
		expect(branches).toHaveLength(1);
		const [branch] = branches;
		expect(branch?.rank).toBe(3);
		expect([...downWeights(branch!)]).toEqual([1, 1, 3, 2, 2, 4]);
		expect([...upWeights(branch!)]).toEqual([20, 40, 60, 10, 30, 50, 20, 40, 60]);
	});

	it('leaves out what is at strength 0, and still says what it matches', () => {
		const adapter = adapterOf([lora(`${attention}.q_proj`, 2, 3)], 0);
		const { branches, matches } = planBranches([adapter], modelOf([query]), '');
		expect(branches).toEqual([]);
		expect(matches).toEqual([{ adapter: 'Pirate', matched: 1, of: 1 }]);
	});

	it('counts modules that are not in the graph', () => {
		const modules = ['q_proj', 'o_proj'].map((name) => lora(`${attention}.${name}`, 2, 3));
		const { matches } = planBranches([adapterOf(modules)], modelOf([query]), '');
		expect(matches).toEqual([{ adapter: 'Pirate', matched: 1, of: 2 }]);
	});

	it('says what it looked for where nothing matches', () => {
		const adapter = adapterOf([lora('model.layers.9.mlp.up_proj', 2, 3)]);
		expect(() => planBranches([adapter], modelOf([query]), ', and more')).toThrow(
			'No part of "Pirate" fits Tiny Llama: it changes model.layers.9.mlp.up_proj, and the model has /model/layers.0/self_attn/q_proj/MatMul, and more.'
		);
		expect(() => planBranches([adapter], modelOf([]), '')).toThrow(
			'no linear layer that SAM knows'
		);
		expect(() => planBranches([adapterOf([])], modelOf([query]), '')).toThrow('it changes nothing');
	});

	it('refuses where a layer that has lost its name may be the one', () => {
		const modules = ['q_proj', 'o_proj'].map((name) => lora(`${attention}.${name}`, 2, 3));
		const lost = linearLayer('node_linear_3_Q4', 2, 3);
		for (const layers of [[lost], [query, lost]])
			expect(() => planBranches([adapterOf(modules)], modelOf(layers), '')).toThrow(
				/^Tiny Llama cannot take adapters: its layers have lost their names, .* is model\.layers\.0\.self_attn\.[qo]_proj/
			);
		const other = linearLayer('node_linear_4_Q4', 3, 2);
		const { matches } = planBranches([adapterOf(modules)], modelOf([query, other]), '');
		expect(matches).toMatchObject([{ matched: 1, of: 2 }]);
	});

	it.each([
		['in', 4, 3],
		['out', 2, 5]
	])('refuses another size: %s', (_, inSize, outSize) => {
		const adapter = adapterOf([lora(`${attention}.q_proj`, inSize, outSize)]);
		expect(() => planBranches([adapter], modelOf([query]), '')).toThrow(
			`"Pirate" was made for a model of another size: ${attention}.q_proj is ${inSize} → ${outSize}, and Tiny Llama needs 2 → 3.`
		);
	});
});

describe('an adapter that does not fit', () => {
	it('is told by its id, among others of its name', () => {
		const good = adapterOf([lora(`${attention}.q_proj`, 2, 3)]);
		const model = modelOf([layer(`${attention}.q_proj`, 2, 3)]);
		const bad = [lora(`${attention}.q_proj`, 2, 4), lora('model.layers.7.mlp.up_proj', 2, 3)];
		for (const module of bad) {
			const other = { ...adapterOf([module]), id: 'other' as AdapterId };
			expect(() => planBranches([good, other], model, '')).toThrow(
				expect.objectContaining({
					details: expect.objectContaining({ adapter: 'other', name: 'Pirate' }) as unknown
				}) as Error
			);
		}
	});
});

describe('packed layers', () => {
	const packed = layer(`${attention}.qkv_proj`, 2, 4);
	const model = modelOf([packed], { queries: 2, keyValues: 1 });

	it('get the parts in their places, and zeros elsewhere', () => {
		const modules = [lora(`${attention}.q_proj`, 2, 2), lora(`${attention}.v_proj`, 2, 1)];
		const { branches, matches } = planBranches([adapterOf(modules)], model, '');
		expect(matches).toEqual([{ adapter: 'Pirate', matched: 2, of: 2 }]);
		expect([...downWeights(branches[0]!)]).toEqual([1, 1, 2, 2]);
		expect([...upWeights(branches[0]!)]).toEqual([20, 40, 0, 0, 0, 0, 0, 20]);
	});

	it('are halves for gate and up', () => {
		const gateUp = layer('model.layers.0.mlp.gate_up_proj', 2, 4);
		const adapter = adapterOf([lora('model.layers.0.mlp.up_proj', 2, 2)]);
		const { branches } = planBranches([adapter], modelOf([gateUp]), '');
		expect([...upWeights(branches[0]!)]).toEqual([0, 0, 20, 40]);
	});

	it('refuse a part of another size', () => {
		const adapter = adapterOf([lora(`${attention}.k_proj`, 2, 2)]);
		expect(() => planBranches([adapter], model, '')).toThrow('Tiny Llama needs 2 → 1');
	});

	it('are refused where nothing tells the sizes of their parts', () => {
		const adapter = adapterOf([lora(`${attention}.k_proj`, 2, 1)]);
		for (const heads of [null, { queries: 5, keyValues: 1 }])
			expect(() => planBranches([adapter], modelOf([packed], heads), '')).toThrow(
				'Tiny Llama cannot take adapters: its layer model.layers.0.self_attn.qkv_proj packs several'
			);
	});

	it('of the adapter are cut where the graph has their parts', () => {
		const layers = [
			layer(`${attention}.q_proj`, 2, 2),
			layer(`${attention}.k_proj`, 2, 1),
			layer(`${attention}.v_proj`, 2, 1)
		];
		const adapter = adapterOf([lora(`${attention}.qkv_proj`, 2, 4)]);
		const { branches, matches } = planBranches([adapter], modelOf(layers), '');
		expect(matches).toEqual([{ adapter: 'Pirate', matched: 1, of: 1 }]);
		expect(branches.map((branch) => [...upWeights(branch)])).toEqual([[20, 40], [60], [80]]);
		const wide = adapterOf([lora(`${attention}.qkv_proj`, 2, 5)]);
		expect(() => planBranches([wide], modelOf(layers), '')).toThrow('needs 2 → 2 + 1 + 1');
		// One part is missing: better nothing than half of it.
		expect(() => planBranches([adapter], modelOf(layers.slice(1)), '')).toThrow('No part of');
	});
});
