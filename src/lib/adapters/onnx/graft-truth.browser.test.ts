import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { largestDifference } from '../../../../tests/fixtures/tiny-models/largest-difference.ts';
import { llamaLogits } from '../../../../tests/fixtures/tiny-models/llama-logits.ts';
import { halved, inBlocks, inBytes } from '../../../../tests/fixtures/tiny-models/quantise.ts';
import {
	buildTinyLlama,
	type TinyLlamaOptions
} from '../../../../tests/fixtures/tiny-models/tiny-llama.ts';
import { tinyModel, tinySpec } from '../../../../tests/fixtures/tiny-models/tiny-models.ts';
import { TransformersEngine } from '../../engines/transformers/transformers-engine.ts';
import { memoryModelFiles } from '../../testing/memory-model-files.ts';
import { mergedWeights } from '../../testing/merged-weights.ts';
import { attentionLayers, randomLora } from '../../testing/random-lora.ts';
import type { AppliedAdapter } from '../applied-adapter.ts';
import type { ModelFiles } from '../model-files.ts';
import { graftFiles } from './graft-files.ts';

type Device = 'wasm' | 'webgpu';

interface Case {
	readonly title: string;
	readonly options: TinyLlamaOptions;
	/** The numbers that the stored weights stand for. */
	readonly meant: (weights: Float32Array, from: number) => Float32Array;
	/** Greatest difference of a logit between grafted and merged. The adapter moves logits by about 12. */
	readonly bound: number;
	/** On WebAssembly only: the software GPU of a test machine takes seconds to compile each variant. */
	readonly wasmOnly?: boolean;
	readonly needsHalf?: boolean;
}

const asWritten = (weights: Float32Array): Float32Array => weights;
/** Only the order of additions in 32-bit floats differs. */
const rounding = 1e-4;
/** x·A and its product with B are rounded to 11 bits: 12 · 2⁻¹¹ ≈ 0.006, through two layers of the model. */
const halfRounding = 0.03;
/** x is rounded to 8 bits before each layer of the base, so no merged model can be the same. */
const byteRounding = 0.5;

const inHalfBlocks = (weights: Float32Array, from: number): Float32Array =>
	inBlocks(weights, from, true).meant;

const cases: readonly Case[] = [
	{ title: 'fp32', options: {}, meant: asWritten, bound: rounding },
	{
		title: 'fp32 with external data',
		options: { externalData: true },
		...{ meant: asWritten, bound: rounding, wasmOnly: true }
	},
	{
		title: 'fp32 as Gemm with transposed weights',
		options: { style: { operation: 'Gemm' } },
		...{ meant: asWritten, bound: rounding, wasmOnly: true }
	},
	{
		title: 'fp32 with names of the GenAI builder',
		options: { style: { names: 'genai' } },
		...{ meant: asWritten, bound: rounding, wasmOnly: true }
	},
	{
		title: 'fp32 with packed projections',
		options: { style: { names: 'genai', packed: true } },
		...{ meant: asWritten, bound: rounding, wasmOnly: true }
	},
	{
		title: 'fp16',
		options: { style: { format: 'fp16' }, externalData: true },
		...{ meant: halved, bound: halfRounding, needsHalf: true }
	},
	{
		title: 'q4',
		options: { style: { format: 'q4' } },
		...{ meant: (weights, from) => inBlocks(weights, from).meant, bound: rounding }
	},
	{
		title: 'q4 with packed projections and external data',
		options: { style: { format: 'q4', names: 'genai', packed: true }, externalData: true },
		...{ meant: (weights, from) => inBlocks(weights, from).meant, bound: rounding },
		wasmOnly: true
	},
	{
		title: 'q4f16',
		options: { style: { format: 'q4f16' } },
		...{ meant: inHalfBlocks, bound: halfRounding, needsHalf: true }
	},
	{
		title: 'q8',
		options: { style: { format: 'q8' } },
		...{ meant: (weights) => inBytes(weights).meant, bound: byteRounding, wasmOnly: true }
	}
];

const { gpu } = navigator as {
	gpu?: { requestAdapter(): Promise<{ features: ReadonlySet<string> } | null> };
};
const adapter = await gpu?.requestAdapter();
const devices: readonly Device[] = adapter ? ['wasm', 'webgpu'] : ['wasm'];

function casesFor(device: Device): readonly Case[] {
	if (device === 'wasm') return cases;
	const hasHalf = adapter?.features.has('shader-f16') ?? false;
	return cases.filter(({ wasmOnly, needsHalf }) => !wasmOnly && (hasHalf || !needsHalf));
}

function modelOf(options: TinyLlamaOptions): ModelFiles {
	return memoryModelFiles(buildTinyLlama(options));
}

async function grafted(
	options: TinyLlamaOptions,
	adapters: readonly AppliedAdapter[]
): Promise<ModelFiles> {
	const { files, matches } = await graftFiles(modelOf(options), adapters, 'Tiny Llama');
	expect(matches.map(({ matched }) => matched)).toEqual(matches.map(({ of }) => of));
	return files;
}

/** The same model in 32-bit floats, with the adapters in its weights for good. */
function merged(meant: Case['meant'], adapters: readonly AppliedAdapter[]): ModelFiles {
	return modelOf({
		change: (module, weights, from) => mergedWeights(module, meant(weights, from), adapters)
	});
}

describe.each(devices)('on %s', (device) => {
	// The device, and with it the compiled shaders, stays as long as a model is on it: this one, for all tests.
	const keeper = new TransformersEngine();
	beforeAll(() => load(keeper, modelOf({}), device), 60_000);
	afterAll(() => keeper.unload());

	describe.each(casesFor(device))('$title', ({ options, meant, bound }) => {
		const dtype = options.style?.format ?? 'fp32';
		const logits = (files: ModelFiles): Promise<Float32Array> => llamaLogits(files, device, dtype);

		test('an adapter of zeros changes not one bit', async () => {
			const base = await logits(modelOf(options));
			const same = await logits(await grafted(options, [randomLora({ zero: true })]));
			expect(largestDifference(same, base)).toBe(0);
		});

		test('what is grafted is what would be merged', async () => {
			const lora = randomLora();
			const branch = await logits(await grafted(options, [lora]));
			const truth = await llamaLogits(merged(meant, [lora]), device, 'fp32');
			const unchanged = await llamaLogits(merged(meant, []), device, 'fp32');
			expect(largestDifference(branch, truth)).toBeLessThanOrEqual(bound);
			expect(largestDifference(truth, unchanged)).toBeGreaterThan(5);
		});
	});

	test('several adapters add up, each with its strength, rank and layers', async () => {
		const adapters = [
			randomLora({ strength: 0.5 }),
			randomLora({ seed: 2, rank: 7, strength: 1.5, layers: attentionLayers }),
			randomLora({ seed: 3, rank: 1, layers: ['v_proj'] })
		];
		const options: TinyLlamaOptions = { style: { names: 'genai', packed: true } };
		const branches = await llamaLogits(await grafted(options, adapters), device, 'fp32');
		const truth = await llamaLogits(merged(asWritten, adapters), device, 'fp32');
		expect(largestDifference(branches, truth)).toBeLessThanOrEqual(rounding);
		const first = await llamaLogits(merged(asWritten, adapters.slice(0, 1)), device, 'fp32');
		expect(largestDifference(branches, first)).toBeGreaterThan(1);
	});

	test('the engine answers otherwise, and as the merged model would', async () => {
		const lora = randomLora();
		const base = await answer(modelOf({}), device);
		const branch = await answer(await grafted({}, [lora]), device);
		expect(branch).not.toBe(base);
		expect(branch).toBe(await answer(merged(asWritten, [lora]), device));
	});
});

async function load(engine: TransformersEngine, files: ModelFiles, device: Device): Promise<void> {
	const spec = await tinySpec(tinyModel('tiny-llama'), buildTinyLlama());
	const { signal } = new AbortController();
	await engine.load({ spec, files, device }, { signal });
}

async function answer(files: ModelFiles, device: Device): Promise<string> {
	const engine = new TransformersEngine();
	onTestFinished(() => engine.unload());
	await load(engine, files, device);
	const request = {
		messages: [{ role: 'user' as const, content: 'Tell me a story' }],
		...{ question: '', passages: [], maxTokens: 12, temperature: 0, seed: 1 }
	};
	const events = engine.generate(request, { signal: new AbortController().signal });
	let text = '';
	for await (const event of events) if (event.type === 'text-delta') text += event.text;
	return text;
}
