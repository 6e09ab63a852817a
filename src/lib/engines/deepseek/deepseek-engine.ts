import { AppError } from '../../core/errors.ts';
import type { GenerateRequest } from '../../core/generation.ts';
import type { ReasoningFormat } from '../../core/model-spec.ts';
import { BaseModelEngine, type GenerateDelta } from '../base-model-engine.ts';
import type {
	CallContext,
	EmbedContext,
	EngineCapabilities,
	EngineInfo,
	LoadRequest
} from '../engine-contract.ts';
import { runtimeOf, type FitRuntime } from '../fit-needs.ts';
import type { GenerateOutcome } from '../generation-meter.ts';
import { deepSeekInfo } from './deepseek-info.ts';
import { deepSeekRequest } from './deepseek-request.ts';
import { makeRuntime } from './make-runtime.ts';

export interface DeepSeekEngineOptions {
	/** A fresh engine of the runtime that computes the model. Default: those that come with SAM. */
	readonly makeRuntime?: (runtime: FitRuntime) => Promise<BaseModelEngine>;
}

/** The chat templates of the distilled models write the opening mark themselves. */
const usualFormat: ReasoningFormat = { open: '<think>', close: '</think>', opened: true };

/**
 * Models distilled from DeepSeek-R1, on the runtime that their weights are for: ONNX on Transformers.js, or compiled
 * on WebLLM. The runtime tells reasoning from answer; this engine asks in the way that suits these models.
 */
export class DeepSeekEngine extends BaseModelEngine {
	readonly info: EngineInfo = deepSeekInfo;
	readonly #makeRuntime: (runtime: FitRuntime) => Promise<BaseModelEngine>;
	#format = usualFormat;
	#runtime: BaseModelEngine | null = null;

	constructor(options: DeepSeekEngineOptions = {}) {
		super();
		this.#makeRuntime = options.makeRuntime ?? makeRuntime;
	}

	protected override async doLoad(
		{ spec, ...request }: LoadRequest,
		context: CallContext
	): Promise<EngineCapabilities> {
		const runtime = await this.#makeRuntime(runtimeOf(spec));
		this.#runtime = runtime;
		this.#format = spec.reasoning ?? usualFormat;
		runtime.onStatus((status) => {
			if (status === 'lost' && runtime === this.#runtime) this.markLost();
		});
		await runtime.load({ ...request, spec: { ...spec, reasoning: this.#format } }, context);
		return runtime.capabilities;
	}

	protected override async *doGenerate(
		request: GenerateRequest,
		context: CallContext
	): AsyncGenerator<GenerateDelta, GenerateOutcome> {
		const { contextTokens } = this.capabilities;
		const advised = deepSeekRequest(request, this.#format, contextTokens);
		for await (const event of this.#loaded().generate(advised, context)) {
			if (event.type === 'end') return { reason: event.reason, ...event.usage };
			yield event;
		}
		throw new AppError('engine/generate-failed', { details: { reason: 'it broke off' } });
	}

	protected override doEmbed(
		texts: readonly string[],
		context: EmbedContext
	): Promise<Float32Array[]> {
		return this.#loaded().embed(texts, context);
	}

	protected override async doUnload(): Promise<void> {
		const runtime = this.#runtime;
		this.#runtime = null;
		await runtime?.unload();
	}

	#loaded(): BaseModelEngine {
		if (!this.#runtime) throw new AppError('engine/not-loaded');
		return this.#runtime;
	}
}
