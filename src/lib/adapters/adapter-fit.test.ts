import { describe, expect, it } from 'vitest';
import type { AdapterId, ModelId, Sha256 } from '../core/ids.ts';
import { adapterFit, type FitModel } from './adapter-fit.ts';
import type { AdapterCheckRow, AdapterModule, AdapterRow } from './adapter-records.ts';
import type { AdapterVerdict } from './adapter-verdict.ts';
import type { BaseIdentity } from './base-identity.ts';

const identity: BaseIdentity = {
	architecture: 'llama',
	hiddenSize: 64,
	layers: 2,
	heads: 4,
	keyValueHeads: 2,
	intermediateSize: 128,
	vocabulary: 264,
	tokenizer: 'a'.repeat(64) as Sha256
};

function layer(path: string, inSize: number, outSize: number): AdapterModule {
	return { module: path, rank: 4, inSize, outSize };
}

const query = layer('model.layers.1.self_attn.q_proj', 64, 64);

/** Trained on the tiny Llama, and tied to it. */
function row(other: Partial<AdapterRow> = {}): AdapterRow {
	return {
		id: 'b'.repeat(64) as AdapterId,
		name: 'Pirate',
		addedAt: 0,
		source: 'a folder',
		base: { name: 'tests/tiny-llama', identity, model: 'Tiny Llama' },
		rank: 4,
		modules: [query],
		isZero: false,
		files: [],
		bytes: 0,
		wanted: true,
		strength: 1,
		...other
	};
}

const untied = { base: { name: 'tests/tiny-llama', identity: null, model: null } };

function model(other: Partial<BaseIdentity> = {}): FitModel {
	return { id: 'other@1' as ModelId, name: 'Other', identity: { ...identity, ...other } };
}

function check(other: Partial<AdapterCheckRow>): AdapterCheckRow {
	const { id } = model();
	const result = { result: 'works', reason: 'It could not be loaded.', matched: 4, of: 4 } as const;
	return { adapter: row().id, model: id, at: 0, ...result, ...other };
}

describe('adapterFit', () => {
	it('fits a model that is built as its base is', () => {
		expect(adapterFit(row(), model(), null)).toEqual({
			state: 'fits',
			reason: 'Other is built as Tiny Llama is.'
		});
		expect(adapterFit(row(), { ...model(), name: 'Tiny Llama' }, null).reason).toBe(
			'Tiny Llama is its base model.'
		);
	});

	it('says of one that fits, but is all zero, that it changes nothing', () => {
		const verdict = adapterFit(row({ isZero: true }), model(), null);
		expect(verdict).toMatchObject({ state: 'fits' });
		expect(verdict.reason).toContain('changes nothing');
	});

	describe('after a trial with that very model', () => {
		const contradicting = model({ layers: 1, architecture: 'qwen3' });

		it.each<[Partial<AdapterCheckRow>, AdapterVerdict['state'], string]>([
			[{ result: 'works' }, 'fits', 'It was tried with Other and works.'],
			[{ result: 'works', matched: 3 }, 'fits', '3 of its 4 layers'],
			[{ result: 'same' }, 'fits', 'changes nothing'],
			[{ result: 'failed' }, 'no', 'It could not be loaded.'],
			[{ result: 'untried' }, 'needs-check', 'It could not be loaded.']
		])('goes by that alone: %j', (result, state, words) => {
			for (const tried of [model(), contradicting, { ...model(), identity: null }]) {
				const verdict = adapterFit(row(), tried, check(result));
				expect(verdict.state).toBe(state);
				expect(verdict.reason).toContain(words);
			}
		});

		it('does not go by a trial of another model or another adapter', () => {
			const others = [{ model: 'tiny@2' as ModelId }, { adapter: 'c'.repeat(64) as AdapterId }];
			for (const other of others)
				expect(adapterFit(row(), contradicting, check(other)).state).toBe('no');
		});
	});

	it.each<[string, Partial<BaseIdentity>]>([
		['architecture', { architecture: 'qwen3' }],
		['width', { hiddenSize: 128 }],
		['number of layers', { layers: 4 }],
		['number of heads', { heads: 8 }],
		['number of key and value heads', { keyValueHeads: 4 }],
		['inner width', { intermediateSize: 256 }]
	])('does not fit a model of another %s than its base', (words, other) => {
		// A layer that tells nothing of the sizes itself.
		const modules = [layer('model.layers.0.self_attn.dense', 1, 1)];
		const verdict = adapterFit(row({ modules }), model(other), null);
		expect(verdict.state).toBe('no');
		expect(verdict.reason).toContain(`Tiny Llama, whose ${words} is`);
		expect(verdict.reason).toContain('that of Other is');
	});

	it.each<[string, Partial<BaseIdentity>]>([
		['reads text in another way', { tokenizer: 'd'.repeat(64) as Sha256 }],
		['reads text in another way', { vocabulary: 300 }],
		['reads text as Tiny Llama does is not known', { tokenizer: null }],
		['the architecture of Tiny Llama is not known', { architecture: null }],
		['the inner width of Tiny Llama is not known', { intermediateSize: null }]
	])('has to be tried where the model %s', (words, other) => {
		const verdict = adapterFit(row(), model(other), null);
		expect(verdict.state).toBe('needs-check');
		expect(verdict.reason).toContain(words);
		expect(verdict.reason).toContain('tests/tiny-llama');
	});

	it('has to be tried where it is tied to no model, whatever its base is called', () => {
		for (const name of ['tests/tiny-llama', 'somebody/else', '/home/me/checkpoints', '']) {
			const verdict = adapterFit(row({ base: { ...untied.base, name } }), model(), null);
			expect(verdict.state).toBe('needs-check');
			expect(verdict.reason).toContain(name);
		}
	});

	it('has to be tried where nothing but the user’s choice ties it to the model', () => {
		const guessed = row({ base: { ...row().base, guessed: true } });
		const verdict = adapterFit(guessed, { ...model(), name: 'Tiny Llama' }, null);
		expect(verdict).toEqual({
			state: 'needs-check',
			reason:
				'Nothing but your choice says that Tiny Llama is its base model, so it has to be tried. It says that it was trained on tests/tiny-llama.'
		});
		expect(adapterFit(guessed, model(), check({ result: 'works' })).state).toBe('fits');
		expect(adapterFit(guessed, model({ layers: 4 }), null).state).toBe('no');
	});

	it('has to be tried where the model does not tell what it is', () => {
		const verdict = adapterFit(row(), { ...model(), identity: null }, null);
		expect(verdict.state).toBe('needs-check');
		expect(verdict.reason).toContain('does not know the sizes of Other');
	});

	it.each<[AdapterModule, string]>([
		[layer('model.layers.2.self_attn.q_proj', 64, 64), 'changes layer 3, but that model has 2'],
		[layer('model.layers.0.self_attn.q_proj', 96, 64), 'q_proj takes 96 numbers'],
		[layer('model.layers.0.self_attn.k_proj', 32, 32), 'k_proj takes 32 numbers'],
		[layer('model.layers.0.self_attn.o_proj', 64, 96), 'o_proj gives 96 numbers'],
		[layer('model.layers.0.mlp.gate_proj', 64, 100), 'gate_proj gives 100 numbers'],
		[layer('model.layers.0.mlp.up_proj', 60, 128), 'up_proj takes 60 numbers'],
		[layer('model.layers.0.mlp.down_proj', 100, 64), 'down_proj takes 100 numbers'],
		[layer('language_model.model.layers.0.mlp.down_proj', 128, 65), 'gives 65 numbers'],
		[layer('model.layers.0.self_attn.q_proj', 64, 66), 'shares them out to 4 heads'],
		[layer('layers.0.self_attn.v_proj', 64, 33), 'shares them out to 2 heads'],
		[layer('model.layers.0.self_attn.o_proj', 66, 64), 'shares them out to 4 heads']
	])('does not fit a model that its sizes contradict: %j', (module, words) => {
		for (const each of [row({ modules: [query, module] }), row({ modules: [module], ...untied })]) {
			const verdict = adapterFit(each, model(), null);
			expect(verdict.state).toBe('no');
			expect(verdict.reason).toContain('than Other');
			expect(verdict.reason).toContain(words);
		}
	});

	it.each<[string, AdapterModule, Partial<BaseIdentity>]>([
		['heads that are wider than their share', layer(query.module, 64, 256), {}],
		['what sees', layer('vision_model.encoder.layers.9.self_attn.q_proj', 9, 9), {}],
		['an expert', layer('model.layers.0.mlp.experts.3.gate_proj', 64, 16), {}],
		['layers of other names', layer('transformer.h.9.attn.c_attn', 9, 27), {}],
		[
			'the wide layers of Gemma',
			layer('model.layers.0.mlp.up_proj', 64, 256),
			{ architecture: 'gemma3n' }
		],
		['sizes that are not told', layer(query.module, 96, 66), { hiddenSize: null, heads: null }]
	])('is not refused for %s', (_, module, other) => {
		const verdict = adapterFit(row({ modules: [module], ...untied }), model(other), null);
		expect(verdict.state).toBe('needs-check');
	});
});
