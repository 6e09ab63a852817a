import { expect, onTestFinished, test } from 'vitest';
import { WebLlmEngine } from '../../engines/webllm/web-llm-engine.ts';
import type { AdapterId } from '../../core/ids.ts';
import { fakeGpu } from '../../testing/fake-gpu.ts';
import { fakeMlc } from '../../testing/fake-mlc-engine.ts';
import { fakeMlcFiles, fakeMlcRequest } from '../../testing/fake-mlc-model.ts';
import { mlcTensor, mlcWeights, readMlcWeights } from '../../testing/mlc-weights.ts';
import { applyAdapters } from '../apply-adapters.ts';
import type { AppliedAdapter } from '../applied-adapter.ts';

const tensor = 'model.layers.0.self_attn.o_proj.weight';
const untouched = 'model.layers.0.mlp.down_proj.weight';

const adapter: AppliedAdapter = {
	...{ id: 'pirate' as AdapterId, name: 'Pirate', strength: 1 },
	modules: [
		{
			...{ module: 'model.layers.0.self_attn.o_proj', rank: 1, inSize: 2, outSize: 2, scale: 2 },
			a: Float32Array.of(1, 2),
			b: Float32Array.of(3, 4)
		}
	]
};

test.each(['F16', 'F32', 'BF16'] as const)(
	'the runtime loads the weights with the adapter in them, and answers: %s',
	async (format) => {
		const files = fakeMlcFiles('generate', { 'params_shard_1.bin': null });
		const weights = mlcWeights([
			[mlcTensor(tensor, [2, 2], format), mlcTensor(untouched, [2, 3], format)]
		]);
		for (const [path, bytes] of weights) files.set(path, bytes);
		const dtype = format === 'F16' ? 'q0f16' : 'q0f32';
		const request = fakeMlcRequest('generate', files, { dtype });
		const adapted = await applyAdapters(request, [adapter]);
		expect(adapted.matches).toEqual([{ adapter: 'pirate', matched: 1, of: 1 }]);

		const { create, made } = fakeMlc();
		const gpu = fakeGpu({}, ['shader-f16']);
		const engine = new WebLlmEngine({ createEngine: create, gpu });
		onTestFinished(() => engine.unload());
		const { signal } = new AbortController();
		await engine.load({ ...request, files: adapted.files }, { signal });

		const [before, loaded] = [weights, made[0]!.weights].map((each) => readMlcWeights(each));
		// B·A is [[3, 6], [4, 8]], and the scale 2.
		const added = [6, 12, 8, 16];
		expect([...loaded!.get(tensor)!]).toEqual(
			[...before!.get(tensor)!].map((w, i) => w + added[i]!)
		);
		expect(loaded!.get(untouched)).toEqual(before!.get(untouched));
		const question = { question: 'Hello', messages: [{ role: 'user', content: 'Hello' }] } as const;
		const events = await Array.fromAsync(
			engine.generate(
				{ ...question, passages: [], maxTokens: 5, temperature: 0, seed: null },
				{ signal }
			)
		);
		expect(events.at(-1)).toMatchObject({ type: 'end' });
	}
);
