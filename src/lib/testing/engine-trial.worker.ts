import {
	truncated,
	withFlippedBytes,
	withOperator,
	withWeights
} from '../../../tests/fixtures/tiny-models/damaged-models.ts';
import { hungry } from '../../../tests/fixtures/tiny-models/hungry-model.ts';
import type { ModelFileMap } from '../../../tests/fixtures/tiny-models/model-file-map.ts';
import { tinyModel, tinySpec } from '../../../tests/fixtures/tiny-models/tiny-models.ts';
import { toAppError } from '../core/errors.ts';
import type { GenerateRequest } from '../core/generation.ts';
import { TransformersEngine } from '../engines/transformers/transformers-engine.ts';
import type { EngineTrial, EngineTrialReport } from './engine-trial.ts';
import { memoryModelFiles } from './memory-model-files.ts';

const { signal } = new AbortController();
const request: GenerateRequest = {
	question: '',
	messages: [{ role: 'user', content: 'Tell me a story' }],
	passages: [],
	maxTokens: 40,
	temperature: 0,
	seed: 1
};

globalThis.onmessage = async ({ data: trial }: MessageEvent<EngineTrial>) => {
	const engine = new TransformersEngine();
	const report = { code: null, message: '', text: '', vectors: [] };
	const outcome: Partial<EngineTrialReport> = await run(engine, trial).catch((error: unknown) => {
		const { code, message } = toAppError(error);
		return { code, message };
	});
	// A loss that nobody has run into yet is told a little later.
	if (trial.lose && engine.status === 'ready') await nextStatus(engine);
	globalThis.postMessage({
		...report,
		...outcome,
		status: engine.status,
		urls: performance.getEntriesByType('resource').map(({ name }) => name),
		isolated: crossOriginIsolated
	} satisfies EngineTrialReport);
};

function nextStatus(engine: TransformersEngine): Promise<void> {
	return new Promise((resolve) => void engine.onStatus(() => resolve()));
}

async function run(
	engine: TransformersEngine,
	trial: EngineTrial
): Promise<Partial<EngineTrialReport>> {
	if (trial.withoutJspi) Reflect.deleteProperty(WebAssembly, 'Suspending');
	const { navigator: machine } = globalThis as unknown as { navigator: object };
	if (trial.cores !== undefined)
		Object.defineProperty(machine, 'hardwareConcurrency', { value: trial.cores });
	const lose = catchDevice(trial.lose === 'at-load');
	const model = tinyModel(trial.model);
	const files = damaged(model.build(), trial);
	const spec = await tinySpec(model, files);
	await engine.load({ spec, files: memoryModelFiles(files), device: trial.device }, { signal });
	if (trial.lose === 'idle' || trial.lose === 'before-call') lose();
	if (trial.lose === 'idle' || trial.lose === 'at-load') return {};
	const onStep = trial.lose === 'during-call' ? lose : () => undefined;
	return spec.tasks.includes('generate')
		? { text: await write(engine, onStep) }
		: { vectors: await embed(engine, trial.texts ?? manyTexts, onStep) };
}

async function write(engine: TransformersEngine, onStep: () => void): Promise<string> {
	let text = '';
	for await (const event of engine.generate(request, { signal })) {
		if (event.type === 'text-delta') text += event.text;
		onStep();
	}
	return text;
}

const manyTexts = Array.from({ length: 64 }, (_, index) => `page ${index} of the book`);

function embed(
	engine: TransformersEngine,
	texts: readonly string[],
	onProgress: () => void
): Promise<Float32Array[]> {
	return engine.embed(texts, { signal, purpose: 'passage', onProgress });
}

function damaged(files: ModelFileMap, { damage, device }: EngineTrial): ModelFileMap {
	switch (damage) {
		case 'flipped':
			return withFlippedBytes(files, 0, 64);
		case 'truncated':
			return truncated(files, 200_000);
		case 'unknown-operator':
			return withOperator(files, 'Sigmoid', 'Sigmoyd');
		case 'nan':
			return withWeights(files, 'lm_head.bias', NaN);
		case 'unknown-type':
			return new Map(files).set('config.json', new TextEncoder().encode('{"model_type":"none"}'));
		case 'hungry':
			// More than WebAssembly can address, or a GPU has in one piece: it fails before any of it is taken.
			return hungry(files, device === 'wasm' ? 0.75 : 0.375);
		case undefined:
			break;
	}
	return files;
}

interface Destroyable {
	destroy(): void;
}

interface Adapter {
	requestDevice: (this: Adapter, ...asked: unknown[]) => Promise<Destroyable>;
}

/** What destroys the GPU device that the runtime asks for; at once, if it is to be lost at once. */
function catchDevice(atOnce: boolean): () => void {
	let device: Destroyable | null = null;
	const { GPUAdapter: adapter } = globalThis as {
		GPUAdapter?: { prototype: Adapter };
	};
	if (adapter) {
		const { prototype } = adapter;
		const ask = prototype.requestDevice;
		prototype.requestDevice = async function (...asked) {
			device = await ask.apply(this, asked);
			if (atOnce) device.destroy();
			return device;
		};
	}
	return () => device?.destroy();
}
