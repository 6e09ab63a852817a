import { AppError } from '../../core/errors.ts';
import type { GenerateRequest } from '../../core/generation.ts';
import { BaseModelEngine, type GenerateDelta } from '../base-model-engine.ts';
import type {
	CallContext,
	DevicePreference,
	EmbedContext,
	EngineCapabilities,
	EngineInfo,
	LoadRequest
} from '../engine-contract.ts';
import type { GenerateOutcome } from '../generation-meter.ts';
import { gpuUsable } from './gpu-usable.ts';
import type { LoadedModels } from './load-models.ts';
import { runtimeError } from './runtime-error.ts';
import { transformersInfo } from './transformers-info.ts';

export interface TransformersEngineOptions {
	/** Whether `auto` may choose the GPU. Default: when there is real hardware behind WebGPU. */
	readonly gpuUsable?: () => Promise<boolean>;
}

/**
 * ONNX models on Transformers.js, on the GPU or in WebAssembly. A failed load or call leaves the runtime of this
 * worker unusable for good: whoever wants to try again, on another device perhaps, starts a new worker.
 */
export class TransformersEngine extends BaseModelEngine {
	readonly info: EngineInfo = transformersInfo;
	readonly #gpuUsable: () => Promise<boolean>;
	#models: LoadedModels | null = null;

	constructor(options: TransformersEngineOptions = {}) {
		super();
		this.#gpuUsable = options.gpuUsable ?? (() => gpuUsable());
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
		const device = await this.#chooseDevice(request.device);
		const { loadModels } = await import('./load-models.ts');
		try {
			this.#models = await loadModels(request, device, context);
		} catch (error) {
			throw runtimeError(error, 'engine/load-failed');
		}
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
			throw runtimeError(error, 'engine/generate-failed');
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
			throw runtimeError(error, 'engine/embed-failed');
		}
	}

	protected override async doUnload(): Promise<void> {
		const models = this.#models;
		this.#models = null;
		if (!models) return;
		const { disposeModels } = await import('./load-models.ts');
		await disposeModels(models);
	}

	async #chooseDevice(preference: DevicePreference): Promise<'wasm' | 'webgpu'> {
		if (preference !== 'auto') return preference;
		return (await this.#gpuUsable()) ? 'webgpu' : 'wasm';
	}
}
