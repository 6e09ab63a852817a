import { AppError } from '../../core/errors.ts';
import type { GenerateRequest } from '../../core/generation.ts';
import type { ModelSpec } from '../../core/model-spec.ts';
import { BaseModelEngine, type GenerateDelta } from '../base-model-engine.ts';
import type {
	CallContext,
	EmbedContext,
	EngineCapabilities,
	EngineInfo,
	LoadRequest
} from '../engine-contract.ts';
import type { GenerateOutcome } from '../generation-meter.ts';
import { checkGpu, type GpuOwner } from './check-gpu.ts';
import { createMlcEngine } from './create-mlc-engine.ts';
import { GpuWatch } from './gpu-watch.ts';
import type { CreateMlcEngine } from './mlc-engine.ts';
import { webLlmAbi } from './web-llm-abi.ts';
import { webLlmError } from './web-llm-error.ts';
import { webLlmInfo } from './web-llm-info.ts';
import { WebLlmSession } from './web-llm-session.ts';

export interface WebLlmEngineOptions {
	/** Default: WebLLM itself. */
	readonly createEngine?: CreateMlcEngine;
	/** Where WebGPU is asked for. Default: the browser. */
	readonly gpu?: GpuOwner;
	/** Watches the device that a load takes. Default: all that are taken in this thread. */
	readonly watch?: () => GpuWatch;
	/** Null takes a library of any version: for tests that find out whether it runs. Default: what this WebLLM needs. */
	readonly abi?: string | null;
}

/**
 * Models in MLC format on WebLLM, always on the GPU. One that fails to load, or loses its device, is best given back
 * with its worker.
 */
export class WebLlmEngine extends BaseModelEngine {
	readonly info: EngineInfo = webLlmInfo;
	readonly #options: WebLlmEngineOptions;
	#session: WebLlmSession | null = null;
	#spec: ModelSpec | null = null;

	constructor(options: WebLlmEngineOptions = {}) {
		super();
		this.#options = options;
	}

	protected override async doLoad(
		request: LoadRequest,
		context: CallContext
	): Promise<EngineCapabilities> {
		const { spec } = request;
		this.#spec = spec;
		this.#check(request);
		await checkGpu(spec, this.#options.gpu);
		const watch = this.#options.watch?.() ?? new GpuWatch();
		const { createEngine = createMlcEngine } = this.#options;
		const session = new WebLlmSession({ createEngine, watch });
		this.#session = session;
		const contextTokens = await session.load(request, context).catch((error: unknown) => {
			throw webLlmError(error, 'engine/load-failed', spec);
		});
		watch.onLoss((loss) => this.markLost(loss));
		return {
			tasks: spec.tasks,
			contextTokens,
			embeddingDims: spec.embedding?.dims ?? null,
			device: 'webgpu'
		};
	}

	protected override async *doGenerate(
		request: GenerateRequest,
		{ signal }: CallContext
	): AsyncGenerator<GenerateDelta, GenerateOutcome> {
		try {
			return yield* this.#loaded().write(request, signal);
		} catch (error) {
			throw this.#translated(error, 'engine/generate-failed');
		}
	}

	protected override async doEmbed(
		texts: readonly string[],
		context: EmbedContext
	): Promise<Float32Array[]> {
		try {
			return await this.#loaded().embed(texts, context);
		} catch (error) {
			throw this.#translated(error, 'engine/embed-failed');
		}
	}

	protected override async doUnload(): Promise<void> {
		const session = this.#session;
		this.#session = null;
		await session?.close();
	}

	/** What can be said of a model without reading it. */
	#check({ spec, files, device }: LoadRequest): void {
		const { name, embedding } = spec;
		const unsupported = (reason: string): AppError =>
			new AppError('engine/unsupported', { details: { reason } });
		if (files.paths.length === 0)
			throw new AppError('library/not-installed', { details: { model: name } });
		if (device === 'wasm') throw unsupported('WebLLM computes on the graphics device alone');
		if (spec.tasks.length > 1) throw unsupported('WebLLM loads a model for one task');
		if (embedding && embedding.pooling !== 'cls')
			throw unsupported(`WebLLM takes the first token's vector, and ${name} needs all`);
		const { abi: needs = webLlmAbi } = this.#options;
		const has = spec.modelLibrary?.abi ?? 'none';
		if (needs !== null && has !== needs)
			throw new AppError('engine/library-mismatch', { details: { name, has, needs } });
	}

	#loaded(): WebLlmSession {
		if (!this.#session) throw new AppError('engine/not-loaded');
		return this.#session;
	}

	#translated(
		error: unknown,
		otherwise: 'engine/generate-failed' | 'engine/embed-failed'
	): AppError {
		return webLlmError(error, otherwise, this.#spec ?? { name: 'the model' });
	}
}
