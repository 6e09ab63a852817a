import { throwIfAborted } from '../core/abort.ts';
import type { ErrorCode } from '../core/error-code.ts';
import { AppError, hasCode, toAppError } from '../core/errors.ts';
import type { GenerateEvent, GenerateRequest } from '../core/generation.ts';
import type { Task } from '../core/model-spec.ts';
import { checkVectors } from './check-vectors.ts';
import type {
	CallContext,
	EmbedContext,
	EngineCapabilities,
	EngineInfo,
	LoadRequest,
	ModelEngine
} from './engine-contract.ts';
import type { EngineStatus } from './engine-status.ts';
import { GenerationMeter, type GenerateOutcome } from './generation-meter.ts';
import { PushStream } from './push-stream.ts';
import { TurnQueue } from './turn-queue.ts';

/** What `doGenerate` yields. */
export type GenerateDelta = Exclude<GenerateEvent, { type: 'end' }>;

/** Errors that leave the engine as good as before. All others make it `failed` or `lost`. */
const harmless: ReadonlySet<ErrorCode> = new Set([
	'cancelled',
	'engine/busy',
	'engine/unsupported',
	'engine/context-overflow',
	'engine/bad-output'
]);

const deadly: ReadonlySet<ErrorCode> = new Set(['engine/device-lost', 'wire/worker-died']);

/**
 * Keeps the contract of `ModelEngine` for every engine: guards, one call at a time, abort, error codes, checked
 * output. An engine says only how it loads, writes, embeds and unloads.
 *
 *     unloaded → loading → ready ⇄ busy → unloading → unloaded
 *                   ↓        ↓      ↓
 *                 failed   lost   failed, lost           (only `unload` leads out)
 *
 * Calls queue up instead of failing for being second; a chat turn or a query goes before batches of passages.
 */
export abstract class BaseModelEngine implements ModelEngine {
	abstract readonly info: EngineInfo;
	readonly #listeners = new Set<(status: EngineStatus) => void>();
	readonly #turns = new TurnQueue();
	#status: EngineStatus = 'unloaded';
	#capabilities: EngineCapabilities | null = null;
	/** Why it is `lost`. */
	#loss: AppError | null = null;
	/** Aborted by `unload`, which ends whatever is under way. */
	#life = new AbortController();
	#unloading: Promise<void> | null = null;

	/** Answers what the loaded model can do. Rejects with anything; the base class translates it. */
	protected abstract doLoad(
		request: LoadRequest,
		context: CallContext
	): Promise<EngineCapabilities>;
	/** Yields the text as it comes and returns how it ended. Stops soon, and may throw, after an abort. */
	protected abstract doGenerate(
		request: GenerateRequest,
		context: CallContext
	): AsyncGenerator<GenerateDelta, GenerateOutcome>;
	/** Never called with an empty list. Prefixes, pooling and normalisation are the engine's to apply. */
	protected abstract doEmbed(
		texts: readonly string[],
		context: EmbedContext
	): Promise<Float32Array[]>;
	/** Gives back what `doLoad` took. Also called after a failed or cancelled load: must bear half-loaded state. */
	protected abstract doUnload(): Promise<void>;

	get status(): EngineStatus {
		return this.#status;
	}

	get capabilities(): EngineCapabilities {
		if (!this.#capabilities) throw new AppError('engine/not-loaded');
		return this.#capabilities;
	}

	/** Calls back after each change of status, until the returned function is called. */
	onStatus(listener: (status: EngineStatus) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** From `unloaded` only. After a failure the engine must be unloaded before it is loaded again. */
	async load(request: LoadRequest, context: CallContext): Promise<void> {
		throwIfAborted(context.signal);
		if (this.#status === 'failed' || this.#status === 'lost') throw this.#notReady();
		if (this.#status !== 'unloaded') throw new AppError('engine/busy');
		this.#life = new AbortController();
		const signal = this.#linked(context.signal);
		this.#become('loading');
		await this.#turns.run(() => this.#load(request, { ...context, signal }), 'interactive');
	}

	async *generate(request: GenerateRequest, context: CallContext): AsyncGenerator<GenerateEvent> {
		this.#mustBeAble('generate');
		const meter = new GenerationMeter();
		const events = new PushStream<GenerateEvent>();
		const reader = new AbortController();
		const signal = this.#linked(context.signal, reader.signal);
		const job = () => this.#write(request, { ...context, signal }, meter, events);
		this.#turns
			.run(() => this.#call(job, 'engine/generate-failed', signal), 'interactive', signal)
			.catch((error: unknown) => {
				if (hasCode(error, 'cancelled')) return { reason: 'cancelled' } as const;
				throw error;
			})
			.then((outcome) => events.push(meter.end(outcome)))
			.then(
				() => events.close(),
				(error: unknown) => events.fail(error)
			);
		try {
			for await (const event of events) {
				if (!signal.aborted) yield event;
				else if (event.type === 'end') yield { ...event, reason: 'cancelled' };
			}
		} finally {
			reader.abort();
		}
	}

	async embed(texts: readonly string[], context: EmbedContext): Promise<Float32Array[]> {
		this.#mustBeAble('embed');
		const signal = this.#linked(context.signal);
		throwIfAborted(signal);
		if (texts.length === 0) return [];
		const priority = context.purpose === 'query' ? 'interactive' : 'batch';
		const job = async () => {
			const vectors = await this.doEmbed(texts, { ...context, signal });
			throwIfAborted(signal);
			checkVectors(vectors, texts.length, this.capabilities.embeddingDims);
			return vectors;
		};
		return this.#turns.run(() => this.#call(job, 'engine/embed-failed', signal), priority, signal);
	}

	async unload(): Promise<void> {
		if (this.#status === 'unloaded') return;
		this.#unloading ??= this.#unload().finally(() => (this.#unloading = null));
		await this.#unloading;
	}

	/** For engines that notice by themselves that their device or worker is gone. Later calls reject with `why`. */
	protected markLost(why = new AppError('engine/device-lost')): void {
		if (this.#status === 'unloaded' || this.#status === 'unloading') return;
		this.#loss = why;
		this.#become('lost');
	}

	async #load(request: LoadRequest, context: CallContext): Promise<void> {
		const { signal } = context;
		try {
			throwIfAborted(signal);
			this.#capabilities = await this.doLoad(request, context);
			throwIfAborted(signal);
			if (this.#status === 'loading') this.#become('ready');
		} catch (thrown) {
			const error = endOf(thrown, 'engine/load-failed', signal);
			this.#capabilities = null;
			await this.doUnload().catch(() => undefined);
			if (this.#status === 'loading') {
				if (error.code === 'cancelled') this.#become('unloaded');
				else this.#suffer(error);
			}
			throw error;
		}
	}

	async #unload(): Promise<void> {
		this.#life.abort(new AppError('cancelled'));
		this.#become('unloading');
		await this.#turns.run(async () => {
			// Whoever unloads wants to be rid of it; what may be left over dies with the worker.
			await this.doUnload().catch(() => undefined);
			this.#capabilities = null;
			this.#become('unloaded');
		}, 'interactive');
	}

	/** Pushes text until the engine ends or the signal aborts. */
	async #write(
		request: GenerateRequest,
		context: CallContext,
		meter: GenerationMeter,
		events: PushStream<GenerateEvent>
	): Promise<GenerateOutcome> {
		const deltas = this.doGenerate(request, context);
		try {
			for (;;) {
				const next = await deltas.next();
				const { aborted } = context.signal;
				if (next.done) return aborted ? { ...next.value, reason: 'cancelled' } : next.value;
				// What still comes is dropped, but waited for: only then has the engine really stopped.
				if (aborted) continue;
				meter.count();
				events.push(next.value);
			}
		} finally {
			await deltas.return({ reason: 'cancelled' });
		}
	}

	/** One call in its turn: `busy` meanwhile, and afterwards what the outcome says of the engine. */
	async #call<T>(job: () => Promise<T>, code: ErrorCode, signal: AbortSignal): Promise<T> {
		if (this.#status !== 'ready') throw this.#notReady();
		this.#become('busy');
		try {
			return await job();
		} catch (thrown) {
			const error = toAppError(thrown, code);
			if (this.#is('busy') && !harmless.has(error.code)) this.#suffer(error);
			throw endOf(error, code, signal);
		} finally {
			if (this.#is('busy')) this.#become('ready');
		}
	}

	#mustBeAble(task: Task): void {
		if (this.#status !== 'ready' && this.#status !== 'busy') throw this.#notReady();
		if (!this.capabilities.tasks.includes(task)) {
			const reason =
				task === 'embed' ? 'the model makes no embeddings' : 'the model writes no answers';
			throw new AppError('engine/unsupported', { details: { reason } });
		}
	}

	#notReady(): AppError {
		if (this.#status === 'lost' && this.#loss) return this.#loss;
		return new AppError('engine/not-loaded');
	}

	#suffer(error: AppError): void {
		if (deadly.has(error.code)) this.markLost(error);
		else this.#become('failed');
	}

	#linked(...signals: AbortSignal[]): AbortSignal {
		return AbortSignal.any([this.#life.signal, ...signals]);
	}

	/** Asked anew after an await: the compiler would believe that nothing has changed. */
	#is(status: EngineStatus): boolean {
		return this.#status === status;
	}

	#become(status: EngineStatus): void {
		if (status === this.#status) return;
		this.#status = status;
		for (const listener of this.#listeners) listener(status);
	}
}

/** What the caller is told: after an abort it is always `cancelled`, whatever the engine made of it. */
function endOf(thrown: unknown, code: ErrorCode, signal: AbortSignal): AppError {
	const error = toAppError(thrown, code);
	if (!signal.aborted || error.code === 'cancelled') return error;
	return new AppError('cancelled', { cause: error });
}
