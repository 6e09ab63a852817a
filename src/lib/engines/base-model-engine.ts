import { throwIfAborted } from '../core/abort.ts';
import type { ErrorCode } from '../core/error-code.ts';
import { AppError, hasCode, toAppError } from '../core/errors.ts';
import type { EmbedPurpose, GenerateEvent, GenerateRequest } from '../core/generation.ts';
import type { Task } from '../core/model-spec.ts';
import { BatchPacer } from './batch-pacer.ts';
import { checkVectors } from './check-vectors.ts';
import { EmbedBatch } from './embed-batch.ts';
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
import { statusAfter } from './status-after.ts';
import { TurnQueue } from './turn-queue.ts';

/** What `doGenerate` yields. */
export type GenerateDelta = Exclude<GenerateEvent, { type: 'end' }>;

/** What a failure is called that the engine has no better name for. */
const failureOf = {
	load: 'engine/load-failed',
	generate: 'engine/generate-failed',
	embed: 'engine/embed-failed'
} as const satisfies Record<'load' | Task, ErrorCode>;

/**
 * Keeps the contract of `ModelEngine` for every engine: guards, one call at a time, abort, error codes, checked
 * output. An engine says only how it loads, writes, embeds and unloads.
 *
 *     unloaded → loading → ready ⇄ busy → unloading → unloaded
 *                   ↓        ↓      ↓
 *                 failed   lost   failed, lost           (only `unload` leads out)
 *
 * Calls queue up instead of failing for being second. Passages are embedded in slices of about an eighth of a second,
 * so that a chat turn or a query, which goes first, waits for one slice and not for the batch.
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
	#pacer = new BatchPacer();
	/** The call that has its turn, and batches that have slices to come: it is busy until all have ended. */
	#underWay = 0;

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
	/**
	 * Never called with an empty list; the texts are a slice of what was asked for, and `context` counts within it.
	 * Prefixes, pooling and normalisation are the engine's to apply.
	 */
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
		this.#pacer = new BatchPacer();
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
			.run(() => this.#call(job, 'generate', signal), 'interactive', signal)
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
		const { purpose } = context;
		const priority = purpose === 'query' ? 'interactive' : 'batch';
		const batch = new EmbedBatch(texts, { ...context, signal });
		const job = () => this.#embedSlice(batch, purpose, signal);
		this.#begin();
		try {
			while (!batch.isComplete) {
				await this.#turns.run(() => this.#call(job, 'embed', signal), priority, signal);
			}
		} finally {
			this.#end();
		}
		return batch.finish();
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
			const error = endOf(thrown, failureOf.load, signal);
			this.#capabilities = null;
			await this.doUnload().catch(() => undefined);
			if (this.#status === 'loading') this.#suffer(error, 'load');
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

	/** The next texts of a batch: of passages as many as take a moment, of questions all. */
	async #embedSlice(batch: EmbedBatch, purpose: EmbedPurpose, signal: AbortSignal): Promise<void> {
		const { lengths, done } = batch;
		const paced = purpose === 'passage';
		const count = paced ? this.#pacer.take(lengths, done) : lengths.length;
		const { texts, context, keep } = batch.slice(count);
		const start = performance.now();
		const vectors = await this.doEmbed(texts, context);
		throwIfAborted(signal);
		checkVectors(vectors, count, this.capabilities.embeddingDims);
		if (paced) this.#pacer.took(lengths, done, count, performance.now() - start);
		keep(vectors);
	}

	/** One job in its turn: `busy` meanwhile, and afterwards what the outcome says of the engine. */
	async #call<T>(job: () => Promise<T>, task: Task, signal: AbortSignal): Promise<T> {
		if (this.#status !== 'ready' && this.#status !== 'busy') throw this.#notReady();
		this.#begin();
		try {
			return await job();
		} catch (thrown) {
			const error = toAppError(thrown, failureOf[task]);
			if (this.#is('busy')) this.#suffer(error, task);
			throw endOf(error, failureOf[task], signal);
		} finally {
			this.#end();
		}
	}

	#begin(): void {
		this.#underWay++;
		if (this.#is('ready')) this.#become('busy');
	}

	#end(): void {
		this.#underWay--;
		if (this.#underWay === 0 && this.#is('busy')) this.#become('ready');
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

	#suffer(error: AppError, during: 'load' | Task): void {
		const status = statusAfter(error.code, during);
		if (status === 'lost') this.markLost(error);
		else if (status !== 'ready') this.#become(status);
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
