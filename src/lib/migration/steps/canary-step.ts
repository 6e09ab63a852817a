import { throwIfAborted } from '../../core/abort.ts';
import { AppError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { ModelSpec } from '../../core/model-spec.ts';
import type { Clock } from '../../ports/clock.ts';
import { checkAnswer, checkEmbedding } from '../check-engine.ts';
import type { BenchEngine, EngineBench } from '../migration-ports.ts';
import type { MigrationStep } from '../migration-step.ts';
import type { StepParams } from '../plan.ts';
import { withTimeLimit } from '../with-time-limit.ts';

export interface CanaryDeps {
	readonly bench: EngineBench;
	readonly clock: Clock;
}

const loadLimitMs = 5 * 60_000;
const checkLimitMs = 2 * 60_000;

/** Loads the new engine and has it do its work once, before anything of the user's depends on it. */
export function canaryStep(deps: CanaryDeps): MigrationStep<'canary'> {
	const limit = (ms: number, signal: AbortSignal, what: string) => ({
		clock: deps.clock,
		ms,
		signal,
		error: () =>
			new AppError('migration/canary-failed', {
				details: { reason: `it did not ${what} within ${ms / 60_000} minutes` }
			})
	});

	return {
		async do({ spec, role }, run) {
			const engine = await withTimeLimit(limit(loadLimitMs, run.signal, 'load'), (signal) =>
				open(deps.bench, spec, signal)
			);
			try {
				const found = await withTimeLimit(limit(checkLimitMs, run.signal, 'answer'), (signal) =>
					check(engine, { spec, role }, signal)
				);
				throwIfAborted(run.signal);
				await run.save(found);
			} finally {
				await engine.close();
			}
		},

		verify(_, { checkpoint }) {
			return Promise.resolve(
				checkpoint === undefined ? { done: false } : { done: true, result: checkpoint }
			);
		},

		async undo() {
			// Nothing was left behind.
		}
	};
}

/** An engine that comes too late is closed, as nobody waits for it any more. */
async function open(
	bench: EngineBench,
	spec: ModelSpec,
	signal: AbortSignal
): Promise<BenchEngine> {
	const engine = await bench.open(spec, signal);
	if (signal.aborted) await engine.close();
	throwIfAborted(signal);
	return engine;
}

async function check(
	engine: BenchEngine,
	{ spec, role }: StepParams['canary'],
	signal: AbortSignal
): Promise<Json> {
	if (role === 'chat') return checkAnswer(engine, signal);
	if (!spec.embedding) {
		throw new AppError('engine/unsupported', { details: { reason: 'it makes no embeddings' } });
	}
	return checkEmbedding(engine, spec.embedding.dims, signal);
}
