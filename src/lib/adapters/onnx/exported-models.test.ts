import { beforeAll, describe, expect, it } from 'vitest';
import {
	configOf,
	expectedLogits,
	exportedModel,
	savedAdapter
} from '../../../../tests/fixtures/exported-models/exported-model.ts';
import { runGraph } from '../../../../tests/fixtures/exported-models/run-graph.ts';
import { largestDifference } from '../../../../tests/fixtures/tiny-models/largest-difference.ts';
import type { AdapterId, ModelId, Sha256 } from '../../core/ids.ts';
import { adapterRow } from '../../testing/adapter-row.ts';
import type { AdaptedFiles } from '../adapted-files.ts';
import { adapterFit, type FitModel } from '../adapter-fit.ts';
import type { ModelFiles } from '../model-files.ts';
import { readPeft } from '../peft/read-peft.ts';
import { readBaseIdentity } from '../read-base-identity.ts';
import { graftFiles } from './graft-files.ts';

interface Case {
	readonly name: string;
	readonly modules: number;
	/** Greatest difference of a logit from PyTorch's, without and with the adapter. */
	readonly bound: number;
	/** Greatest difference that an adapter of zeros makes; default none at all. */
	readonly zero?: number;
}

/** Only the order of additions in 32-bit floats differs. */
const rounding = 1e-4;
/** Each of some twenty operations in a row rounds to 11 bits, at logits of about 8. */
const halfRounding = 0.03;
/** x is rounded to 8 bits before each layer of the base. */
const byteRounding = 0.5;
/** The runtime keeps more bits between two layers where nothing stands between them. */
const between = 0.01;

const cases: readonly Case[] = [
	{ name: 'mistral-optimum-fp16', modules: 6, bound: halfRounding, zero: between },
	{ name: 'llama-optimum-q8', modules: 14, bound: byteRounding },
	{ name: 'qwen2-optimum-q4', modules: 15, bound: rounding },
	{ name: 'gemma3-optimum-q4', modules: 14, bound: rounding },
	{ name: 'phi3-optimum-q4f16', modules: 8, bound: halfRounding, zero: between },
	{ name: 'llama-pytorch-fp16', modules: 14, bound: halfRounding, zero: between },
	{ name: 'llama-genai-int4', modules: 14, bound: rounding },
	{ name: 'qwen2-genai-web-fp16', modules: 15, bound: halfRounding, zero: between },
	{ name: 'qwen3-genai-int4-qdq', modules: 14, bound: rounding },
	{ name: 'phi3-genai-int4', modules: 8, bound: rounding }
];

/** Of the last tokens, as many as are expected. */
async function logits(files: ModelFiles, name: string): Promise<Float32Array> {
	const { tokens, base } = expectedLogits(name);
	const all = await runGraph(files, configOf(name), tokens);
	return all.slice(-base.flat().length);
}

async function graft(name: string, isZero = false): Promise<AdaptedFiles> {
	const { modules } = await readPeft(savedAdapter(expectedLogits(name).adapter));
	const written = isZero
		? modules.map((module) => ({ ...module, b: new Float32Array(module.b.length) }))
		: modules;
	const adapter = { id: 'saved' as AdapterId, name: 'Saved', strength: 1, modules: written };
	return graftFiles(exportedModel(name), [adapter], name);
}

const floats = (rows: readonly (readonly number[])[]): Float32Array =>
	Float32Array.from(rows.flat());

// The runtime is compiled when it is first used, which takes seconds.
beforeAll(() => logits(exportedModel('llama-genai-int4'), 'llama-genai-int4'), 60_000);

describe.each(cases)('a model as its exporter wrote it: $name', (each) => {
	const { name, modules, bound, zero = 0 } = each;
	const { base, adapted } = expectedLogits(name);

	it('answers with an adapter that PEFT saved as PyTorch does', async () => {
		const { files, matches } = await graft(name);
		expect(matches).toEqual([{ adapter: 'saved', matched: modules, of: modules }]);
		const branch = await logits(files, name);
		expect(largestDifference(branch, floats(adapted))).toBeLessThanOrEqual(bound);
		expect(largestDifference(branch, floats(base))).toBeGreaterThan(1.5);
	});

	it('answers as before with an adapter of zeros', async () => {
		const before = await logits(exportedModel(name), name);
		expect(largestDifference(before, floats(base))).toBeLessThanOrEqual(bound);
		const same = await logits((await graft(name, true)).files, name);
		expect(largestDifference(same, before)).toBeLessThanOrEqual(zero);
	});
});

describe('an adapter that PEFT saved', () => {
	const names = [...cases.map(({ name }) => name), 'qwen3-genai-web-int4'];

	/** As the catalog would know it; none of them is told apart by its tokenizer. */
	async function fitModel(name: string): Promise<FitModel> {
		const identity = await readBaseIdentity(exportedModel(name), 'letters' as Sha256);
		return { id: name as ModelId, name, identity };
	}

	it.each(names)('fits the model that it was made for, and no other kind: %s', async (name) => {
		const model = await fitModel(name);
		const { baseName, modules, rank } = await readPeft(savedAdapter(expectedLogits(name).adapter));
		expect(baseName).toBe(`tiny-random/${expectedLogits(name).adapter}`);
		const base = { name: baseName, identity: model.identity, model: name };
		const row = adapterRow('saved', { base, modules, rank });
		expect(adapterFit(row, model, null)).toMatchObject({ state: 'fits' });
		const family = name.split('-')[0] ?? '';
		for (const other of names.filter((each) => !each.startsWith(family)))
			expect(adapterFit(row, await fitModel(other), null)).toMatchObject({ state: 'no' });
	});
});

describe('a model that the builder made for the graphics card', () => {
	it('is matched whole where the runtime computes norms within attention', async () => {
		const { matches } = await graft('qwen3-genai-web-int4');
		expect(matches).toMatchObject([{ matched: 14, of: 14 }]);
	});
});

describe('a model that was quantised after PyTorch exported it', () => {
	it('is refused, for its layers have lost their names', async () => {
		await expect(graft('llama-pytorch-q4')).rejects.toMatchObject({
			code: 'adapter/engine',
			message: expect.stringMatching(
				/its layers have lost their names, so that nothing tells which of them is model\.layers\.0/
			) as string
		});
	});
});
