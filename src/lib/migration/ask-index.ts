import { throwIfAborted } from '../core/abort.ts';
import { AppError } from '../core/errors.ts';
import type { IndexId } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { Clock } from '../ports/clock.ts';
import type { BenchEngine, EngineBench, IndexWorkshop } from './migration-ports.ts';
import { openEngine } from './open-engine.ts';
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

const depth = 10;

/**
 * The first ten passages that the index of that model has for each query. The engine is opened for that and closed. Errors:
 * those of loading and embedding; `cancelled`.
 */
export async function askIndex(deps: AskDeps, asking: Questioning): Promise<Ranking[]> {
	const [first] = asking.queries;
	if (first === undefined) return [];
	const engine = await openEngine(deps.bench, asking.spec, asking.signal);
	const rankings: Ranking[] = [];
	try {
		// Not timed: the first call compiles and warms up, on either side.
		await embedded(engine, first, asking.signal);
		for (const query of asking.queries) {
			throwIfAborted(asking.signal);
			const started = deps.clock.monotonic();
			const vector = await embedded(engine, query, asking.signal);
			const hits = await deps.workshop.nearest(asking.index, vector, depth);
			const ms = deps.clock.monotonic() - started;
			rankings.push({ found: hits.map(({ textHash }) => textHash), ms });
			asking.onAnswer();
		}
	} finally {
		await engine.close();
	}
	return rankings;
}

async function embedded(
	engine: BenchEngine,
	query: string,
	signal: AbortSignal
): Promise<Float32Array> {
	const [vector] = await engine.embed([query], 'query', signal);
	if (vector) return vector;
	throw new AppError('engine/bad-output', { details: { reason: 'a vector is missing' } });
}
