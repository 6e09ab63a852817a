import { describe, expect, onTestFinished, test } from 'vitest';
import type { GenerateEvent, GenerateRequest } from '../../core/generation.ts';
import type { ModelSpec } from '../../core/model-spec.ts';
import { describeModelEngine } from '../../testing/contracts/model-engine.ts';
import { ScriptedEngine, scriptedModel, type Script } from '../../testing/scripted-engine.ts';
import type { CallContext, LoadRequest } from '../engine-contract.ts';
import type { GenerateDelta } from '../base-model-engine.ts';
import type { GenerateOutcome } from '../generation-meter.ts';
import { noFiles } from '../no-files.ts';
import { DeepSeekEngine } from './deepseek-engine.ts';

/** A runtime that remembers what it was asked. */
class Runtime extends ScriptedEngine {
	spec: ModelSpec | null = null;
	readonly requests: GenerateRequest[] = [];

	protected override doLoad(request: LoadRequest, context: CallContext) {
		this.spec = request.spec;
		return super.doLoad(request, context);
	}

	protected override doGenerate(
		request: GenerateRequest,
		context: CallContext
	): AsyncGenerator<GenerateDelta, GenerateOutcome> {
		this.requests.push(request);
		return super.doGenerate(request, context);
	}
}

const never = new AbortController().signal;
const question: GenerateRequest = {
	question: 'Why?',
	messages: [
		{ role: 'system', content: 'Be brief.' },
		{ role: 'user', content: 'Why?' }
	],
	passages: [],
	maxTokens: 100,
	temperature: 0.2,
	seed: 1
};

async function loaded(script: Script = {}, spec: Partial<ModelSpec> = {}) {
	const runtime = new Runtime(script);
	const made: string[] = [];
	const engine = new DeepSeekEngine({
		makeRuntime: (kind) => {
			made.push(kind);
			return Promise.resolve(runtime);
		}
	});
	onTestFinished(() => engine.unload());
	const model = { ...scriptedModel, engine: 'deepseek', ...spec };
	await engine.load({ spec: model, files: noFiles, device: 'auto' }, { signal: never });
	return { engine, runtime, made };
}

function ask(engine: DeepSeekEngine, signal = never): Promise<GenerateEvent[]> {
	return Array.fromAsync(engine.generate(question, { signal }));
}

describeModelEngine('DeepSeekEngine on a scripted runtime', () =>
	Promise.resolve({
		engine: new DeepSeekEngine({ makeRuntime: () => Promise.resolve(new ScriptedEngine()) }),
		request: {
			spec: { ...scriptedModel, engine: 'deepseek' },
			files: noFiles,
			device: 'auto' as const
		}
	})
);

describe('the runtime', () => {
	test.each([
		['q4f16_1', 'webllm'],
		['q4f16', 'onnx'],
		['q8', 'onnx']
	])('for weights in %s is that of %s', async (dtype, runtime) => {
		expect((await loaded({}, { dtype })).made).toEqual([runtime]);
	});

	test('is told that the template opens the reasoning, where the model says nothing', async () => {
		const { runtime } = await loaded();
		expect(runtime.spec?.reasoning).toEqual({ open: '<think>', close: '</think>', opened: true });
	});

	test('is told how the model reasons, where it says', async () => {
		const reasoning = { open: '[', close: ']', opened: false };
		const { runtime } = await loaded({}, { reasoning });
		expect(runtime.spec?.reasoning).toEqual(reasoning);
	});

	test('is asked as these models should be asked', async () => {
		const { engine, runtime } = await loaded();
		await ask(engine);
		expect(runtime.requests).toEqual([
			{
				...question,
				messages: [{ role: 'user', content: 'Be brief.\n\nWhy?' }],
				temperature: 0.6,
				topP: 0.95,
				reasoningTokens: 50
			}
		]);
	});

	test('counts the tokens', async () => {
		const { engine } = await loaded({ tokens: ['a', 'b', 'c'] });
		const end = (await ask(engine)).at(-1);
		expect(end).toMatchObject({
			reason: 'stop',
			usage: { promptTokens: 1, completionTokens: 3 }
		});
	});

	test('is unloaded with the engine, and a new one is made for the next load', async () => {
		const { engine, runtime, made } = await loaded();
		await engine.unload();
		expect(runtime.status).toBe('unloaded');
		const spec = { ...scriptedModel, engine: 'deepseek' };
		await engine.load({ spec, files: noFiles, device: 'auto' }, { signal: never });
		expect(made).toHaveLength(2);
	});

	test('that does not load is given back', async () => {
		const runtime = new Runtime({ fail: { method: 'load', call: 1, error: new Error('no') } });
		const engine = new DeepSeekEngine({ makeRuntime: () => Promise.resolve(runtime) });
		const loading = engine.load(
			{ spec: scriptedModel, files: noFiles, device: 'auto' },
			{ signal: never }
		);
		await expect(loading).rejects.toMatchObject({ code: 'engine/load-failed' });
		expect(runtime.status).toBe('unloaded');
		expect(engine.status).toBe('failed');
	});
});

describe('a failure of the runtime', () => {
	test('while it rests makes the engine lost', async () => {
		const { engine, runtime } = await loaded();
		runtime.lose();
		expect(engine.status).toBe('lost');
		await expect(ask(engine)).rejects.toMatchObject({ code: 'engine/device-lost' });
	});

	test('during an answer is that of the engine, after what was written', async () => {
		const error = new Error('broken');
		const { engine } = await loaded({ fail: { method: 'generate', call: 1, error } });
		const seen: GenerateEvent[] = [];
		const reading = (async () => {
			for await (const event of engine.generate(question, { signal: never })) seen.push(event);
		})();
		await expect(reading).rejects.toMatchObject({ code: 'engine/generate-failed' });
		expect(seen).toEqual([{ type: 'text-delta', text: 'One' }]);
		expect(engine.status).toBe('failed');
	});

	test('that was unloaded long ago means nothing', async () => {
		const { engine, runtime } = await loaded();
		await engine.unload();
		await runtime.load({ spec: scriptedModel, files: noFiles, device: 'auto' }, { signal: never });
		runtime.lose();
		expect(engine.status).toBe('unloaded');
	});
});

test('an abort stops the runtime, not only its reader', async () => {
	const abort = new AbortController();
	let aborted = 0;
	const { engine, runtime } = await loaded({
		pause: (method, at) => {
			if (method === 'generate' && at === 1) abort.abort();
			aborted += abort.signal.aborted ? 1 : 0;
			return Promise.resolve();
		}
	});
	const events = await ask(engine, abort.signal);
	expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'cancelled' });
	expect(aborted).toBe(1);
	expect(runtime.status).toBe('ready');
	expect(engine.status).toBe('ready');
});
