import { AppError } from '../core/errors.ts';
import type { GenerateEvent, GenerateRequest } from '../core/generation.ts';
import { callLink } from '../wire/call-link.ts';
import { receiveStream } from '../wire/receive-stream.ts';
import type { RemoteApi } from '../wire/remote-api.ts';
import type { WorkerHost } from '../wire/worker-host.ts';
import { BaseModelEngine, type GenerateDelta } from './base-model-engine.ts';
import type {
	CallContext,
	EmbedContext,
	EngineCapabilities,
	EngineInfo,
	LoadRequest,
	Progress
} from './engine-contract.ts';
import type { EngineService } from './engine-service.ts';
import type { GenerateOutcome } from './generation-meter.ts';

/** What the client needs of a `WorkerHost<EngineService>`. */
export type EngineHost = Pick<WorkerHost<EngineService>, 'api' | 'terminate' | 'onDeath'>;

export interface EngineClientOptions {
	readonly info: EngineInfo;
	/** A worker of its own for each load: a failed load leaves some runtimes unusable for good. */
	readonly spawn: () => EngineHost;
	/** `Clock.sleep`. */
	readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
	/** How long a worker may take to stop after an abort before it is terminated. */
	readonly graceMs?: number;
}

/**
 * An engine in a worker, with the contract of one that is here. Unloading ends the worker, the one sure way to get
 * its memory back; so does a load that fails or is cancelled, and a call that goes on in spite of an abort, which
 * leaves the client `lost`. The files of the request stay on this side: the worker opens its own.
 */
export class EngineClient extends BaseModelEngine {
	override readonly info: EngineInfo;
	readonly #options: EngineClientOptions;
	#host: EngineHost | null = null;

	constructor(options: EngineClientOptions) {
		super();
		this.info = options.info;
		this.#options = options;
	}

	/** At once: nothing that is under way is waited for. */
	override async unload(): Promise<void> {
		this.#host?.terminate(new AppError('cancelled'));
		await super.unload();
	}

	protected override async doLoad(
		{ spec, device }: LoadRequest,
		{ signal, onProgress }: CallContext
	): Promise<EngineCapabilities> {
		const host = this.#options.spawn();
		this.#host = host;
		host.onDeath((error) => {
			if (host === this.#host) this.markLost(error);
		});
		const stop = () => host.terminate(new AppError('cancelled'));
		signal.addEventListener('abort', stop, { once: true });
		const link = callLink<Progress>(undefined, onProgress);
		try {
			const api = await host.api();
			return await api.load(spec, device, link.port);
		} finally {
			signal.removeEventListener('abort', stop);
			link.release();
		}
	}

	protected override async *doGenerate(
		request: GenerateRequest,
		{ signal }: CallContext
	): AsyncGenerator<GenerateDelta, GenerateOutcome> {
		const api = await this.#api();
		const { port1: own, port2: port } = new MessageChannel();
		const settled = this.#watch(signal);
		try {
			const call = api.generate(request, port);
			for await (const event of receiveStream<GenerateEvent>(own, signal, call)) {
				if (event.type === 'end') return { reason: event.reason, ...event.usage };
				yield event;
			}
		} finally {
			settled();
		}
		throw new AppError('engine/generate-failed', { details: { reason: 'it broke off' } });
	}

	protected override async doEmbed(
		texts: readonly string[],
		{ signal, purpose }: EmbedContext
	): Promise<Float32Array[]> {
		const api = await this.#api();
		const link = callLink(signal);
		const settled = this.#watch(signal);
		try {
			return await api.embed(texts, purpose, link.port);
		} finally {
			settled();
			link.release();
		}
	}

	protected override doUnload(): Promise<void> {
		this.#host?.terminate(new AppError('cancelled'));
		this.#host = null;
		return Promise.resolve();
	}

	async #api(): Promise<RemoteApi<EngineService>> {
		if (!this.#host) throw new AppError('engine/not-loaded');
		return this.#host.api();
	}

	/** Terminates a worker that has not stopped in time after an abort. Returns what to call when it has. */
	#watch(signal: AbortSignal): () => void {
		const settled = new AbortController();
		const { sleep, graceMs = 2000 } = this.#options;
		const onAbort = () => {
			sleep(graceMs, settled.signal).then(
				() => this.#giveUp(),
				() => undefined
			);
		};
		if (signal.aborted) onAbort();
		signal.addEventListener('abort', onAbort, { once: true });
		return () => {
			signal.removeEventListener('abort', onAbort);
			settled.abort();
		};
	}

	#giveUp(): void {
		const error = new AppError('wire/worker-died', {
			details: { reason: 'it did not stop when asked to' }
		});
		this.#host?.terminate(error);
		this.markLost(error);
	}
}
