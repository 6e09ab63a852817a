import { throwIfAborted } from '../../core/abort.ts';
import { AppError } from '../../core/errors.ts';
import type { IndexId } from '../../core/ids.ts';
import type { ModelSpec } from '../../core/model-spec.ts';
import type { KnownItem } from '../../knowledge/knowledge-api.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import { write } from '../../ports/store-write.ts';
import type { GateReport } from '../gate-report.ts';
import { gateReportStore } from '../migration-records.ts';
import type { EngineBench, IndexWorkshop } from '../migration-ports.ts';
import type { MigrationStep, StepRun } from '../migration-step.ts';
import type { StepParams } from '../plan.ts';
import { lossesOf, overlapOf, passesGate, rateSide, type Ranking } from '../quality-gate.ts';

export interface CompareDeps {
	readonly bench: EngineBench;
	readonly workshop: Pick<IndexWorkshop, 'nearest' | 'knownItems'>;
	readonly records: RecordStore;
	readonly clock: Clock;
}

/** One seed, so that a repeated comparison asks the same questions. */
const seed = 20_240;
const depth = 10;

/** Asks the old and the new index questions made from the user's documents, and keeps a report. */
export function compareStep(deps: CompareDeps): MigrationStep<'compare'> {
	return {
		async do(params, run) {
			const report = await compare(deps, params, run);
			throwIfAborted(run.signal);
			await deps.records.commit([write.put(gateReportStore, report)], { durability: 'strict' });
		},

		async verify(_, { plan }) {
			const report = await deps.records.get(gateReportStore, [plan.id]);
			if (!report) return { done: false };
			return {
				done: true,
				result: {
					passed: report.passed,
					queries: report.queries,
					oldRecallAt10: report.old.recallAt10,
					newRecallAt10: report.new.recallAt10,
					overlapAt10: report.overlapAt10
				}
			};
		},

		async undo() {
			// The report stays: it says why.
		}
	};
}

async function compare(
	deps: CompareDeps,
	params: StepParams['compare'],
	run: StepRun
): Promise<GateReport> {
	const items = await deps.workshop.knownItems(params.oldIndex, params.gate.queries, seed);
	let asked = 0;
	const onAnswer = (): void => run.progress(++asked, 2 * items.length);
	// One engine at a time: two would need the memory of both.
	const ask = (spec: ModelSpec, index: IndexId): Promise<Ranking[]> =>
		items.length === 0
			? Promise.resolve([])
			: askAll(deps, { spec, index, items, signal: run.signal, onAnswer });
	const oldRankings = await ask(params.from, params.oldIndex);
	const newRankings = await ask(params.to, params.newIndex);
	const old = rateSide(params.from.name, items, oldRankings);
	const next = rateSide(params.to.name, items, newRankings);
	return {
		planId: run.plan.id,
		version: 1,
		at: deps.clock.now(),
		queries: items.length,
		passed: passesGate(old, next, params.gate),
		maxRecallLoss: params.gate.maxRecallLoss,
		old,
		new: next,
		overlapAt10: overlapOf(oldRankings, newRankings),
		losses: lossesOf(items, oldRankings, newRankings)
	};
}

interface Questioning {
	readonly spec: ModelSpec;
	readonly index: IndexId;
	readonly items: readonly KnownItem[];
	readonly signal: AbortSignal;
	readonly onAnswer: () => void;
}

async function askAll(deps: CompareDeps, asking: Questioning): Promise<Ranking[]> {
	const engine = await deps.bench.open(asking.spec, asking.signal);
	const rankings: Ranking[] = [];
	try {
		for (const { query } of asking.items) {
			throwIfAborted(asking.signal);
			const started = deps.clock.monotonic();
			const [vector] = await engine.embed([query], 'query', asking.signal);
			if (!vector) {
				throw new AppError('engine/bad-output', { details: { reason: 'a vector is missing' } });
			}
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
