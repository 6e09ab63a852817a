import { AppError } from '../core/errors.ts';
import type { GenerateRequest, Usage } from '../core/generation.ts';
import type { ModelId } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import { engineInfo } from '../engines/engine-infos.ts';
import { measurementStore, type Measurement } from '../engines/measurement.ts';
import type { BenchEngine, EngineBench } from '../migration/migration-ports.ts';
import type { Clock } from '../ports/clock.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import { requestsToAnswer, textLengths, textsToEmbed } from './engine-meter-texts.ts';

const kept = 20;
const textsToTime = 32;

interface Parts {
	readonly bench: EngineBench;
	readonly records: RecordStore;
	readonly clock: Clock;
	/** True while an upgrade is working: it and a measurement would slow one another down. */
	readonly busy: () => boolean;
}

type Answering = Pick<Measurement, 'firstTokenMs' | 'tokensPerSecond'>;

/** Finds out how fast models are on this device, and remembers it. */
export class EngineMeter {
	readonly #parts: Parts;
	#measuring = false;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/**
	 * Loads the model in a worker of its own, times it with fixed texts, and stores what came out. `onPhase` hears in
	 * words what is being done. Errors: `migration/running` while an upgrade is working, `engine/busy` during another
	 * measurement, those of loading and calling the engine; then nothing is stored.
	 */
	async measure(
		spec: ModelSpec,
		signal: AbortSignal,
		onPhase: (phase: string) => void
	): Promise<Measurement> {
		if (this.#parts.busy()) throw new AppError('migration/running');
		if (this.#measuring) throw new AppError('engine/busy');
		this.#measuring = true;
		try {
			const measurement = await this.#time(spec, signal, onPhase);
			await this.#store(measurement);
			return measurement;
		} finally {
			this.#measuring = false;
		}
	}

	/** The last one of each model that has been measured. */
	async latest(): Promise<ReadonlyMap<ModelId, Measurement>> {
		const rows = await this.#parts.records.list(measurementStore);
		return new Map(rows.map((row) => [row.model, row]));
	}

	/** Newest first, the last 20 at most. */
	history(model: ModelId): Promise<Measurement[]> {
		return this.#parts.records.list(measurementStore, { prefix: [model], reverse: true });
	}

	async #time(
		spec: ModelSpec,
		signal: AbortSignal,
		onPhase: (phase: string) => void
	): Promise<Measurement> {
		const { bench, clock } = this.#parts;
		onPhase('Loading');
		const started = clock.monotonic();
		const engine = await bench.open(spec, signal);
		try {
			const loadMs = clock.monotonic() - started;
			const answering = await this.#timeAnswer(spec, engine, signal, onPhase);
			const textsPerSecond = await this.#timeTexts(spec, engine, signal, onPhase);
			const { device } = engine;
			return { model: spec.id, at: clock.now(), device, loadMs, ...answering, textsPerSecond };
		} finally {
			await engine.close();
		}
	}

	async #timeAnswer(
		{ tasks, engine: kind }: ModelSpec,
		engine: BenchEngine,
		signal: AbortSignal,
		onPhase: (phase: string) => void
	): Promise<Answering> {
		if (!tasks.includes('generate')) return { firstTokenMs: null, tokensPerSecond: null };
		const [warmUp, request] = requestsToAnswer;
		onPhase('Warming up');
		await usageOf(engine, warmUp, signal);
		onPhase('Answering');
		const usage = await usageOf(engine, request, signal);
		return {
			firstTokenMs: usage.firstTokenMs,
			tokensPerSecond: engineInfo(kind).extractive ? null : tokensPerSecond(usage)
		};
	}

	async #timeTexts(
		{ tasks }: ModelSpec,
		engine: BenchEngine,
		signal: AbortSignal,
		onPhase: (phase: string) => void
	): Promise<number | null> {
		if (!tasks.includes('embed')) return null;
		const { clock } = this.#parts;
		const texts = textsToEmbed(textsToTime);
		onPhase('Warming up');
		// One of each length: the GPU compiles programs for sizes that it has not met.
		await engine.embed(texts.slice(0, textLengths), 'passage', signal);
		onPhase('Embedding');
		const started = clock.monotonic();
		await engine.embed(texts, 'passage', signal);
		return perSecond(texts.length, clock.monotonic() - started);
	}

	async #store(measurement: Measurement): Promise<void> {
		const { records } = this.#parts;
		const earlier = await this.history(measurement.model);
		const tooMany = earlier.slice(kept - 1);
		await records.commit([
			write.put(measurementStore, measurement),
			...tooMany.map((row) => write.delete(measurementStore, measurementStore.keyOf(row)))
		]);
	}
}

async function usageOf(
	engine: BenchEngine,
	request: GenerateRequest,
	signal: AbortSignal
): Promise<Usage> {
	for await (const event of engine.generate(request, signal)) {
		if (event.type !== 'end') continue;
		// A cancelled answer ends in good order; half of one says nothing about the speed.
		if (event.reason === 'cancelled') break;
		return event.usage;
	}
	throw new AppError('cancelled');
}

/** Null for an answer of one token: there is no time between tokens to measure. */
function tokensPerSecond({ completionTokens, firstTokenMs, totalMs }: Usage): number | null {
	if (completionTokens < 2) return null;
	return perSecond(completionTokens - 1, totalMs - firstTokenMs);
}

/** Faster than the clock counts as one millisecond. */
function perSecond(count: number, ms: number): number {
	return count / (Math.max(ms, 1) / 1000);
}
