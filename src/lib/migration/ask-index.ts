import { throwIfAborted } from '../core/abort.ts';
import type { ErrorCode } from '../core/error-code.ts';
import { AppError, toAppError } from '../core/errors.ts';
import type { IndexId } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { Clock } from '../ports/clock.ts';
import type { BenchEngine, EngineBench, IndexWorkshop } from './migration-ports.ts';
import { openWithRoom } from './open-with-room.ts';
import type { Ranking } from './quality-gate.ts';

export interface AskDeps {
	readonly bench: EngineBench;
	readonly workshop: Pick<IndexWorkshop, 'nearest'>;
	readonly clock: Clock;
}

export interface Questioning {
	readonly spec: ModelSpec;
	readonly index: IndexId;
	readonly queries: readonly string[];
	readonly signal: AbortSignal;
	readonly onAnswer: () => void;
}

export interface Answers {
	/** As many as were asked; fewer after a failure. */
	readonly rankings: readonly Ranking[];
	/** Why the engine could not be opened, or be asked any more; null when it has answered everything. */
	readonly failure: AppError | null;
}

const depth = 10;

/**
 * The first ten passages that the index of that model has for each query. The engine is opened for that and closed. What
 * the engine fails with is returned. Errors: those of the search and of the storage; `cancelled`.
 */
export async function askIndex(deps: AskDeps, asking: Questioning): Promise<Answers> {
	const rankings: Ranking[] = [];
	try {
		await askAll(deps, asking, rankings);
		return { rankings, failure: null };
	} catch (error) {
		if (error instanceof EngineFault) return { rankings, failure: error.failure };
		throw error;
	}
}

async function askAll(
	{ bench, workshop, clock }: AskDeps,
	{ spec, index, queries, signal, onAnswer }: Questioning,
	rankings: Ranking[]
): Promise<void> {
	const [first] = queries;
	if (first === undefined) return;
	const engine = await ofEngine(openWithRoom({ bench }, { spec }, signal), signal);
	const embedded = (query: string): Promise<Float32Array> =>
		ofEngine(embed(engine, query, signal), signal);
	try {
		// Not timed: the first call compiles and warms up, on either side.
		await embedded(first);
		for (const query of queries) {
			throwIfAborted(signal);
			const started = clock.monotonic();
			const vector = await embedded(query);
			const hits = await workshop.nearest(index, vector, depth);
			const ms = clock.monotonic() - started;
			rankings.push({ found: hits.map(({ textHash }) => textHash), ms });
			onAnswer();
		}
	} finally {
		await engine.close();
	}
}

async function embed(
	engine: BenchEngine,
	query: string,
	signal: AbortSignal
): Promise<Float32Array> {
	const [vector] = await engine.embed([query], 'query', signal);
	if (vector) return vector;
	throw new AppError('engine/bad-output', { details: { reason: 'a vector is missing' } });
}

/** What the engine fails with, as opposed to the search in the index. */
class EngineFault extends Error {
	readonly failure: AppError;

	constructor(failure: AppError) {
		super(failure.message, { cause: failure });
		this.failure = failure;
	}
}

async function ofEngine<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
	try {
		return await work;
	} catch (error) {
		throwIfAborted(signal);
		const failure = toAppError(error, 'engine/embed-failed');
		throw isOfEngine(failure.code) ? new EngineFault(failure) : failure;
	}
}

/** The files of a model may be gone or damaged. Any other failure of the storage is nobody's but the storage's. */
function isOfEngine(code: ErrorCode): boolean {
	if (code === 'storage/missing' || code === 'storage/corrupt') return true;
	return code !== 'cancelled' && !code.startsWith('storage/');
}
