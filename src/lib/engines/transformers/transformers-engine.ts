import type { ErrorCode } from '../../core/error-code.ts';
import { AppError } from '../../core/errors.ts';
import type { GenerateRequest } from '../../core/generation.ts';
import { nextTask } from '../../core/next-task.ts';
import { BaseModelEngine, type GenerateDelta } from '../base-model-engine.ts';
import type {
	CallContext,
	EmbedContext,
	EngineCapabilities,
	EngineInfo,
	LoadRequest
} from '../engine-contract.ts';
import type { GenerateOutcome } from '../generation-meter.ts';
import { chooseDevice } from './choose-device.ts';
import { gpuFacts, type GpuFacts } from './gpu-facts.ts';
import type { LoadedModels } from './load-models.ts';
import { runtimeError } from './runtime-error.ts';
import { transformersInfo } from './transformers-info.ts';

export interface TransformersEngineOptions {
	/** What there is of a GPU. Default: what the browser tells. */
	readonly gpuFacts?: () => Promise<GpuFacts | null>;
}

/**
 * ONNX models on Transformers.js, on the GPU or in WebAssembly. A failed load or call leaves the runtime of this
 * worker unusable for good: whoever wants to try again, on another device perhaps, starts a new worker.
 */
export class TransformersEngine extends BaseModelEngine {
	readonly info: EngineInfo = transformersInfo;
	readonly #gpuFacts: () => Promise<GpuFacts | null>;
	#models: LoadedModels | null = null;
	/** The model's, for messages. */
	#name = '';

	constructor(options: TransformersEngineOptions = {}) {
		super();
		this.#gpuFacts = options.gpuFacts ?? (() => gpuFacts());
	}

	protected override async doLoad(
		request: LoadRequest,
		context: CallContext
	): Promise<EngineCapabilities> {
		const { spec } = request;
		if (request.files.paths.length === 0)
			throw new AppError('library/not-installed', { details: { model: spec.name } });
		const missing = spec.files.find(({ path }) => !request.files.paths.includes(path));
		if (missing) throw new AppError('storage/missing', { details: { what: missing.path } });
		const gpu = request.device === 'wasm' ? null : await this.#gpuFacts();
		const device = chooseDevice(spec, request.device, gpu);
		this.#name = spec.name;
		this.#models = await this.#load(request, device, context);
		return {
			tasks: spec.tasks,
			contextTokens: spec.contextTokens,
			embeddingDims: spec.embedding?.dims ?? null,
			device
		};
	}

	protected override async *doGenerate(
		request: GenerateRequest,
		context: CallContext
	): AsyncGenerator<GenerateDelta, GenerateOutcome> {
		const chat = this.#models?.chat;
		if (!chat) throw new AppError('engine/not-loaded');
		try {
			return yield* chat.generate(request, context.signal);
		} catch (error) {
			throw this.#failure(error, 'engine/generate-failed');
		}
	}

	protected override async doEmbed(
		texts: readonly string[],
		context: EmbedContext
	): Promise<Float32Array[]> {
		const embedding = this.#models?.embedding;
		if (!embedding) throw new AppError('engine/not-loaded');
		try {
			return await embedding.embed(texts, context);
		} catch (error) {
			throw this.#failure(error, 'engine/embed-failed');
		}
	}

	protected override async doUnload(): Promise<void> {
		const models = this.#models;
		this.#models = null;
		if (!models) return;
		const { disposeModels } = await import('./load-models.ts');
		await disposeModels(models);
	}

	async #load(
		request: LoadRequest,
		device: 'wasm' | 'webgpu',
		context: CallContext
	): Promise<LoadedModels> {
		const { loadModels } = await import('./load-models.ts');
		try {
			const models = await loadModels(request, device, context);
			const lost = models.lost.then(() => true);
			// The runtime does not always notice: weights are taken to the GPU when they are first needed.
			if (await Promise.race([lost, nextTask().then(() => false)]))
				throw new AppError('engine/device-lost');
			void lost.then(() => {
				if (this.#models === models) this.markLost();
			});
			return models;
		} catch (error) {
			throw this.#failure(error, 'engine/load-failed');
		}
	}

	/** Once the device is lost, all that fails fails for that, whatever it says. */
	#failure(error: unknown, code: ErrorCode): AppError {
		if (this.status === 'lost') return new AppError('engine/device-lost', { cause: error });
		return runtimeError(error, code, this.#name);
	}
}
