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
import { SilenceWatch } from './silence-watch.ts';

/** What the client needs of a `WorkerHost<EngineService>`. */
export type EngineHost = Pick<WorkerHost<EngineService>, 'api' | 'terminate' | 'onDeath'>;

/** How long a worker may say nothing before it is given up, in milliseconds. */
export interface SilenceLimits {
	/** From one report of a load's progress to the next. */
	readonly load: number;
	/** From the call to the first event of an answer: a long prompt is read without a word. */
	readonly firstEvent: number;
	/** From one event of an answer to the next. */
	readonly nextEvent: number;
	/** From one report of an embedding's progress to the next. */
	readonly embed: number;
}

const defaultSilence: SilenceLimits = {
	load: 300_000,
	firstEvent: 300_000,
	nextEvent: 60_000,
	embed: 300_000
};

export interface EngineClientOptions {
	readonly info: EngineInfo;
	/** A worker of its own for each load: a failed load leaves some runtimes unusable for good. */
	readonly spawn: () => EngineHost;
	/** `Clock.sleep`. */
	readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
	/** How long a worker may take to stop after an abort before it is terminated. */
	readonly graceMs?: number;
	readonly silence?: Partial<SilenceLimits>;
}

/**
 * An engine in a worker, with the contract of one that is here. Unloading ends the worker, the one sure way to get
 * its memory back; so does a load that fails or is cancelled. A worker that goes on in spite of an abort, or that has
 * fallen silent, is ended too, which leaves the client `lost`. The files of the request stay on this side: the worker
 * opens its own, and works the adapters of the request into them.
 */
export class EngineClient extends BaseModelEngine {
	override readonly info: EngineInfo;
	readonly #options: EngineClientOptions;
	readonly #silence: SilenceLimits;
	#host: EngineHost | null = null;

	constructor(options: EngineClientOptions) {
		super();
		this.info = options.info;
		this.#options = options;
		this.#silence = { ...defaultSilence, ...options.silence };
	}

	/** At once: nothing that is under way is waited for. */
	override async unload(): Promise<void> {
		this.#host?.terminate(new AppError('cancelled'));
		await super.unload();
	}

	protected override async doLoad(
		{ spec, device, threads, adapters }: LoadRequest,
		{ signal, onProgress }: CallContext
	): Promise<EngineCapabilities> {
		const host = this.#options.spawn();
		this.#host = host;
		host.onDeath((error) => {
			if (host === this.#host) this.markLost(error);
		});
		const stop = () => host.terminate(new AppError('cancelled'));
		signal.addEventListener('abort', stop, { once: true });
		const watch = this.#watchSilence(this.#silence.load);
		const link = callLink<Progress>(undefined, (progress) => {
			watch.expectWithin(this.#silence.load);
			onProgress?.(progress);
		});
		try {
			const api = await host.api();
			return await api.load(spec, device, link.port, {
				...(threads && { threads }),
				...(adapters && { adapters })
			});
		} finally {
			signal.removeEventListener('abort', stop);
			watch.stop();
			link.release();
		}
	}

	protected override async *doGenerate(
		request: GenerateRequest,
		{ signal }: CallContext
	): AsyncGenerator<GenerateDelta, GenerateOutcome> {
		const api = await this.#api();
		const { port1: own, port2: port } = new MessageChannel();
		const watch = this.#watchSilence(this.#silence.firstEvent);
		const settled = this.#watchAbort(signal, watch);
		try {
			const call = api.generate(request, port);
			for await (const event of receiveStream<GenerateEvent>(own, signal, call)) {
				if (!signal.aborted) watch.expectWithin(this.#silence.nextEvent);
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
		{ signal, purpose, onProgress, onTruncated }: EmbedContext
	): Promise<Float32Array[]> {
		const api = await this.#api();
		const watch = this.#watchSilence(this.#silence.embed);
		const settled = this.#watchAbort(signal, watch);
		const link = callLink<Progress>(signal, (progress) => {
			if (!signal.aborted) watch.expectWithin(this.#silence.embed);
			onProgress?.(progress);
		});
		try {
			const { vectors, truncated } = await api.embed(texts, purpose, link.port);
			onTruncated?.(truncated);
			return [...vectors];
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

	/** Ends the worker when no sign of life comes in that time, or in the one that was set later. */
	#watchSilence(ms: number): SilenceWatch {
		const host = this.#host;
		const onSilence = (error: AppError) => {
			if (host === this.#host) this.#giveUp(error);
		};
		const watch = new SilenceWatch({ sleep: this.#options.sleep, onSilence });
		watch.expectWithin(ms);
		return watch;
	}

	/**
	 * Ends a worker that has not stopped in time after an abort; from then on that is all that is waited for. Returns
	 * what to call when the call has settled.
	 */
	#watchAbort(signal: AbortSignal, silence: SilenceWatch): () => void {
		const settled = new AbortController();
		const { sleep, graceMs = 2000 } = this.#options;
		const onAbort = () => {
			silence.stop();
			const reason = 'it did not stop when asked to';
			sleep(graceMs, settled.signal).then(
				() => this.#giveUp(new AppError('wire/worker-died', { details: { reason } })),
				() => undefined
			);
		};
		if (signal.aborted) onAbort();
		signal.addEventListener('abort', onAbort, { once: true });
		return () => {
			signal.removeEventListener('abort', onAbort);
			silence.stop();
			settled.abort();
		};
	}

	/** What is under way rejects with `error`, and so does what comes later. */
	#giveUp(error: AppError): void {
		this.#host?.terminate(error);
		this.markLost(error);
	}
}
