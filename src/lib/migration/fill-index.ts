import { throwIfAborted } from '../core/abort.ts';
import type { ErrorCode } from '../core/error-code.ts';
import { AppError, toAppError } from '../core/errors.ts';
import type { IndexId, Sha256 } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { EmbeddableText } from '../knowledge/knowledge-api.ts';
import { BatchSizer } from './batch-sizer.ts';
import { EngineSeat, type Embedder, type EmbedderBench } from './engine-seat.ts';
import { failedPassage, type FailedPassage } from './failed-passage.ts';
import { againstComputing, hold, type HoldDeps, type Patience } from './hold.ts';
import type { IndexWorkshop } from './migration-ports.ts';
import type { Effort } from './migration-step.ts';
import { TextWindow } from './text-window.ts';

export interface FillDeps extends HoldDeps {
	readonly bench: EmbedderBench;
	readonly workshop: Pick<
		IndexWorkshop,
		'indexState' | 'missingTexts' | 'addVectors' | 'textPlaces'
	>;
	/** Waits while the user's own questions are being answered: they go first. */
	readonly whenIdle: (signal: AbortSignal) => Promise<void>;
	/** True while `whenIdle` would wait. Default: never. */
	readonly busy?: () => boolean;
}

export interface FillRequest {
	readonly spec: ModelSpec;
	readonly index: IndexId;
	/** `gentle` rests between batches for as long as a batch takes. */
	readonly patience: Patience;
	/** Called after each stored batch. */
	readonly onBatch: (embedded: number, total: number, effort: Effort) => Promise<void>;
	/** Called before it fails for texts that could not be embedded: how many, and the first of them. */
	readonly onFailed?: (count: number, some: readonly FailedPassage[]) => Promise<void>;
}

/** So many texts, or so many one after the other, may fail before the engine itself is taken to be at fault. */
const maxFailures = 64;
const maxFailuresInARow = 16;
/** So many are told by name. */
const maxNamed = 50;

/** Failures that one text of a batch may have caused. After any other the engine or the store is gone. */
const oneTextMayBeToBlame: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
	'engine/embed-failed',
	'engine/bad-output',
	'engine/out-of-memory',
	'engine/context-overflow'
]);

/** The engine is gone, and a fresh one may do: the graphics device was lost, or its worker died or fell silent. */
const lostEngine: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
	'engine/device-lost',
	'engine/stalled',
	'wire/worker-died'
]);
/** So many engines may be lost one after the other, with nothing stored in between. */
const maxLossesInARow = 2;

/**
 * Embeds every text that the index lacks. Only new vectors are added, so it may be cut short and repeated. A batch for
 * which there is no memory is halved; one that fails otherwise is tried text by text, and what fails then once more at
 * the end, with a fresh engine. An engine that is lost is opened anew, twice in a row at most. Errors: `index/incomplete`
 * when texts are left over.
 */
export async function fillIndex(deps: FillDeps, request: FillRequest): Promise<void> {
	const first = await deps.workshop.missingTexts(request.index, 1);
	if (first.length > 0) await new Filling(deps, request).run();
}

class Filling {
	readonly #deps: FillDeps;
	readonly #request: FillRequest;
	readonly #seat: EngineSeat;
	readonly #sizer = new BatchSizer();
	readonly #texts: TextWindow;
	/** What could not be embedded alone, and why not. */
	readonly #failed = new Map<Sha256, { readonly text: EmbeddableText; readonly reason: string }>();
	#failuresInARow = 0;
	#lossesInARow = 0;
	/** The batch before, which is stored while the next one is computed. */
	#pending: { readonly batch: readonly EmbeddableText[]; readonly stored: Promise<void> } | null =
		null;
	/** Since the last report, waiting left out. */
	#effort = { from: 0, waitedMs: 0 };
	/** What the last batch took; null once it has rested from it. */
	#workedMs: number | null = null;
	/** Of all texts seen so far: the ones to come are taken to be like them. */
	#seen = { texts: 0, characters: 0 };

	constructor(deps: FillDeps, request: FillRequest) {
		this.#deps = deps;
		this.#request = request;
		this.#seat = new EngineSeat(deps, request.spec);
		this.#texts = new TextWindow((limit) => deps.workshop.missingTexts(request.index, limit));
	}

	async run(): Promise<void> {
		try {
			this.#effort.from = this.#deps.clock.monotonic();
			await this.#embedAll();
			await this.#tryAgain();
		} finally {
			// What has been computed is kept, and nothing is written once this has ended.
			await this.#pending?.stored.catch(() => undefined);
			await this.#seat.leave();
		}
		if (this.#failed.size > 0) await this.#giveUp();
	}

	async #embedAll(): Promise<void> {
		for (;;) {
			await this.#clearance();
			const batch = await this.#texts.take((lengths) => this.#sizer.take(lengths));
			if (batch.length > 0) await this.#work(batch);
			else if (this.#pending) await this.#settle();
			else break;
		}
	}

	/** Waits for all that goes before this work. */
	async #clearance(): Promise<void> {
		const { clock, whenIdle, busy } = this.#deps;
		const { patience } = this.#request;
		const { signal } = patience;
		const worked = this.#workedMs;
		this.#workedMs = null;
		if (patience.speed() === 'gentle' && worked !== null) {
			await clock.sleep(Math.max(50, worked), signal);
		}
		const started = clock.monotonic();
		await hold(this.#deps, patience, againstComputing, () => this.#makeRoom());
		if (this.#seat.inTurn && busy?.() === true) await this.#makeRoom();
		await whenIdle(signal);
		this.#effort.waitedMs += clock.monotonic() - started;
		throwIfAborted(signal);
	}

	async #makeRoom(): Promise<void> {
		await this.#settle();
		await this.#seat.leave();
	}

	/** Waits for the batch before to be stored. */
	async #settle(): Promise<void> {
		const pending = this.#pending;
		this.#pending = null;
		try {
			await pending?.stored;
		} catch (error) {
			await this.#recover(pending?.batch ?? [], error);
		}
	}

	async #work(batch: readonly EmbeddableText[]): Promise<void> {
		const lengths = batch.map(({ text }) => text.length);
		const engine = await this.#seat.take(this.#request.patience.signal);
		const started = this.#deps.clock.monotonic();
		let rows: Vectors;
		try {
			rows = await this.#embed(engine, batch);
		} catch (error) {
			await this.#settle();
			await this.#recover(batch, error);
			return;
		}
		this.#workedMs = this.#deps.clock.monotonic() - started;
		this.#sizer.took(lengths, this.#workedMs);
		await this.#settle();
		const stored = this.#store(batch, rows);
		// It fails whoever settles it.
		stored.catch(() => undefined);
		this.#pending = { batch, stored };
	}

	async #recover(batch: readonly EmbeddableText[], error: unknown): Promise<void> {
		if (await this.#replaced(error)) {
			this.#texts.giveBack(batch);
			return;
		}
		const { code } = this.#blamable(error);
		// Few runtimes are of any use after a failure.
		await this.#seat.leave();
		if (code === 'engine/out-of-memory' && batch.length > 1) {
			this.#sizer.outOfMemory(batch.length);
			this.#texts.giveBack(batch);
			return;
		}
		for (const text of batch) await this.#embedAlone(text);
	}

	/** True when it has its vector. Those that fail stay taken, so that they do not come again. */
	async #embedAlone(text: EmbeddableText): Promise<boolean> {
		const { signal } = this.#request.patience;
		throwIfAborted(signal);
		const engine = await this.#seat.take(signal);
		try {
			const rows = await this.#embed(engine, [text]);
			await this.#store([text], rows);
			this.#failuresInARow = 0;
			return true;
		} catch (error) {
			if (await this.#replaced(error)) return this.#embedAlone(text);
			const { message } = this.#blamable(error);
			await this.#seat.leave();
			this.#failed.set(text.textHash, { text, reason: message });
			this.#failuresInARow++;
			const hopeless = this.#failuresInARow >= maxFailuresInARow;
			if (hopeless || this.#failed.size >= maxFailures) await this.#giveUp(error);
			return false;
		}
	}

	/** A fresh engine, which has nothing else behind it, may do what the other could not. */
	async #tryAgain(): Promise<void> {
		if (this.#failed.size === 0) return;
		await this.#seat.leave();
		this.#failuresInARow = 0;
		const texts = [...this.#failed.values()].map(({ text }) => text);
		this.#failed.clear();
		for (const text of texts) {
			await this.#clearance();
			await this.#embedAlone(text);
		}
	}

	async #embed(engine: Embedder, texts: readonly EmbeddableText[]): Promise<Vectors> {
		const truncated = new Set<number>();
		const vectors = await engine.embed(
			texts.map(({ text }) => text),
			'passage',
			this.#request.patience.signal,
			(places) => places.forEach((place) => truncated.add(place))
		);
		throwIfAborted(this.#request.patience.signal);
		return texts.map(({ textHash }, at) => {
			const vector = vectors[at];
			if (!vector) {
				throw new AppError('engine/bad-output', { details: { reason: 'a vector is missing' } });
			}
			return { textHash, vector, truncated: truncated.has(at) };
		});
	}

	async #store(texts: readonly EmbeddableText[], rows: Vectors): Promise<void> {
		const { index, onBatch } = this.#request;
		await this.#deps.workshop.addVectors(index, rows);
		this.#lossesInARow = 0;
		this.#texts.stored(texts);
		const { embedded, texts: total } = await this.#state();
		await onBatch(embedded, total, this.#effortFor(texts, total - embedded));
	}

	/** Counted in characters: texts differ. */
	#effortFor(texts: readonly EmbeddableText[], textsLeft: number): Effort {
		const done = texts.reduce((sum, { text }) => sum + text.length, 0);
		this.#seen.texts += texts.length;
		this.#seen.characters += done;
		const now = this.#deps.clock.monotonic();
		const ms = Math.max(0, now - this.#effort.from - this.#effort.waitedMs);
		this.#effort = { from: now, waitedMs: 0 };
		return { done, left: (textsLeft * this.#seen.characters) / this.#seen.texts, ms };
	}

	/** True when the engine was lost and a fresh one may go on. */
	async #replaced(error: unknown): Promise<boolean> {
		throwIfAborted(this.#request.patience.signal);
		if (!lostEngine.has(toAppError(error).code)) return false;
		if (++this.#lossesInARow > maxLossesInARow) return false;
		await this.#seat.leave();
		return true;
	}

	#blamable(thrown: unknown): AppError {
		throwIfAborted(this.#request.patience.signal);
		const error = toAppError(thrown);
		if (!oneTextMayBeToBlame.has(error.code)) throw error;
		return error;
	}

	/** Texts whose documents have been removed meanwhile are nobody's loss. */
	async #giveUp(cause?: unknown): Promise<void> {
		const { index, onFailed } = this.#request;
		const { embedded, texts } = await this.#state();
		if (embedded >= texts) return;
		const places = await this.#deps.workshop.textPlaces(index, [...this.#failed.keys()]);
		const some = places
			.slice(0, maxNamed)
			.map((place) => failedPassage(place, this.#failed.get(place.textHash)?.reason ?? ''));
		await onFailed?.(texts - embedded, some);
		throw new AppError('index/incomplete', {
			cause,
			details: { missing: texts - embedded, expected: texts }
		});
	}

	async #state(): Promise<{ embedded: number; texts: number }> {
		const state = await this.#deps.workshop.indexState(this.#request.index);
		if (!state) throw new AppError('storage/missing', { details: { what: 'the new index' } });
		return state;
	}
}

type Vectors = Parameters<IndexWorkshop['addVectors']>[1];
