import { AppError, hasCode } from '../../core/errors.ts';
import type { GenerateRequest } from '../../core/generation.ts';
import type { ModelSpec, ReasoningFormat } from '../../core/model-spec.ts';
import type { HttpClient } from '../../ports/http-client.ts';
import { BaseModelEngine, type GenerateDelta } from '../base-model-engine.ts';
import { cutAtStop } from '../cut-at-stop.ts';
import type {
	CallContext,
	EmbedContext,
	EngineCapabilities,
	LoadRequest
} from '../engine-contract.ts';
import type { GenerateOutcome } from '../generation-meter.ts';
import { separateReasoning } from '../reasoning/separate-reasoning.ts';
import { chatRequest } from './chat-request.ts';
import { embedTexts } from './embed-texts.ts';
import { OpenAiServer } from './open-ai-server.ts';
import { readChat } from './read-chat.ts';
import { remoteInfo } from './remote-info.ts';
import type { RemoteServer } from './remote-server.ts';
import { servedModels } from './served-models.ts';

export interface RemoteEngineParts {
	readonly http: HttpClient;
	/** The server with that id; undefined where the user has none. Asked before each request. */
	readonly server: (id: string) => Promise<RemoteServer | undefined>;
}

/** What servers that leave the reasoning in the text put around it. */
const usualReasoning: ReasoningFormat = { open: '<think>', close: '</think>', opened: false };

/**
 * A model on a server of the user's: what it is given leaves this device. Nothing is kept between two requests, so a
 * server that was down, or a key that was changed, makes a difference to the next one at once.
 */
export class RemoteEngine extends BaseModelEngine {
	override readonly info = remoteInfo;
	readonly #parts: RemoteEngineParts;
	#spec: ModelSpec | null = null;

	constructor(parts: RemoteEngineParts) {
		super();
		this.#parts = parts;
	}

	/** Asks the server for its models, and so whether it is there and takes the key. */
	protected override async doLoad(
		{ spec }: LoadRequest,
		{ signal, onProgress }: CallContext
	): Promise<EngineCapabilities> {
		const { server } = await this.#access(spec);
		await servedModels(server, signal);
		this.#spec = spec;
		onProgress?.({ done: 1, total: 1 });
		return {
			tasks: spec.tasks,
			contextTokens: spec.contextTokens,
			embeddingDims: spec.embedding?.dims ?? null,
			device: 'remote'
		};
	}

	protected override async *doGenerate(
		request: GenerateRequest,
		{ signal }: CallContext
	): AsyncGenerator<GenerateDelta, GenerateOutcome> {
		const spec = this.#loaded();
		const deltas = separateReasoning(
			this.#answer(spec, request, signal),
			spec.reasoning ?? usualReasoning
		);
		return yield* cutAtStop(deltas, request.stop);
	}

	protected override async doEmbed(
		texts: readonly string[],
		{ signal, purpose, onTruncated }: EmbedContext
	): Promise<Float32Array[]> {
		const spec = this.#loaded();
		const { server, model } = await this.#access(spec);
		const prefix = spec.embedding?.prefixes[purpose] ?? '';
		const truncated: number[] = [];
		const vectors = await embedTexts(
			server,
			texts.map((text) => prefix + text),
			{ model, signal, onTruncated: (place) => truncated.push(place) }
		);
		if (truncated.length > 0) onTruncated?.(truncated);
		return vectors;
	}

	protected override doUnload(): Promise<void> {
		this.#spec = null;
		return Promise.resolve();
	}

	async *#answer(
		spec: ModelSpec,
		request: GenerateRequest,
		signal: AbortSignal
	): AsyncGenerator<GenerateDelta, GenerateOutcome> {
		const { server, model } = await this.#access(spec);
		const broken = (reason: string, cause?: unknown): AppError => server.badAnswer(reason, cause);
		const body = chatRequest(model, request);
		const read = (json: object): AsyncGenerator<GenerateDelta, GenerateOutcome> =>
			readChat(server.stream('/chat/completions', json, signal), broken);
		try {
			return yield* read(body);
		} catch (error) {
			// Older servers take no options that they do not know. They say so before they answer.
			if (!hasCode(error, 'remote/refused') || !error.message.includes('stream_options'))
				throw error;
			return yield* read({ ...body, stream_options: undefined });
		}
	}

	/** Errors: `remote/not-found`. */
	async #access({
		name,
		remote
	}: ModelSpec): Promise<{ readonly server: OpenAiServer; readonly model: string }> {
		const row = remote && (await this.#parts.server(remote.server));
		if (!row) throw new AppError('remote/not-found', { details: { name } });
		return { server: new OpenAiServer(this.#parts.http, row), model: remote.model };
	}

	#loaded(): ModelSpec {
		if (!this.#spec) throw new AppError('engine/not-loaded');
		return this.#spec;
	}
}
