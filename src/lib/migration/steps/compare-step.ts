import { throwIfAborted } from '../../core/abort.ts';
import type { ModelSpec } from '../../core/model-spec.ts';
import type { IndexId } from '../../core/ids.ts';
import type { KnownItem } from '../../knowledge/knowledge-api.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import { write } from '../../ports/store-write.ts';
import { askIndex, type Answers } from '../ask-index.ts';
import { comparePastQuestion } from '../compare-past-questions.ts';
import { Counterparts } from '../counterparts.ts';
import type { GateReport, PastQuestionComparison } from '../gate-report.ts';
import { gateReportStore } from '../migration-records.ts';
import type { EngineBench, IndexWorkshop, PastQuestion, QuestionLog } from '../migration-ports.ts';
import type { MigrationStep, StepRun } from '../migration-step.ts';
import type { StepParams } from '../plan.ts';
import {
	lossesOf,
	meanOverlap,
	passesGate,
	rateSide,
	warningsOf,
	type GateQuery,
	type Ranking
} from '../quality-gate.ts';

export interface CompareDeps {
	readonly bench: EngineBench;
	readonly workshop: Pick<
		IndexWorkshop,
		'nearest' | 'knownItems' | 'textPlaces' | 'counterparts' | 'indexState'
	>;
	readonly questions: QuestionLog;
	readonly records: RecordStore;
	readonly clock: Clock;
}

/** One seed, so that a repeated comparison asks the same questions. */
const seed = 20_240;

/**
 * Asks the old and the new index questions made from the user's documents, and the user's own, and keeps a report. An old
 * engine that fails has that said in the report, and the user decides: it may be the very reason to upgrade. Errors: those
 * of the new engine, of the search and of the storage.
 */
export function compareStep(deps: CompareDeps): MigrationStep<'compare'> {
	return {
		async do(params, run) {
			const report = await new IndexComparison(deps, params, run).report();
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
					newRecallAt10: report.new.recallAt10,
					...(report.oldFailed === undefined && {
						oldRecallAt10: report.old.recallAt10,
						overlapAt10: report.overlapAt10
					})
				}
			};
		},

		async undo() {
			// The report stays: it says why.
		}
	};
}

class IndexComparison {
	readonly #deps: CompareDeps;
	readonly #params: StepParams['compare'];
	readonly #run: StepRun;
	#answered = 0;

	constructor(deps: CompareDeps, params: StepParams['compare'], run: StepRun) {
		this.#deps = deps;
		this.#params = params;
		this.#run = run;
	}

	async report(): Promise<GateReport> {
		const { from, to, oldIndex, newIndex, gate } = this.#params;
		const { workshop, questions } = this.#deps;
		const items = await this.#items();
		const asked = gate.pastQuestions ? await questions.pastQuestions(gate.pastQuestions) : [];
		const texts = [...items.map(({ query }) => query), ...asked.map(({ question }) => question)];
		// One engine at a time: two would need the memory of both.
		const { rankings: old, failure } = wholeOrNothing(await this.#ask(from, oldIndex, texts));
		this.#answered = texts.length;
		const { rankings: next, failure: newFailure } = await this.#ask(to, newIndex, texts);
		if (newFailure) throw newFailure;

		const hashes = [...items.map(({ textHash }) => textHash), ...old.flatMap(({ found }) => found)];
		const same = await Counterparts.find(workshop, oldIndex, newIndex, hashes);
		const ofItems = (rankings: readonly Ranking[]): Ranking[] => rankings.slice(0, items.length);
		const oldSide = { queries: items.map(inOldIndex), rankings: ofItems(old) };
		const newSide = {
			queries: items.map(({ query, textHash }) => ({ query, right: same.of(textHash) })),
			rankings: ofItems(next)
		};
		const sides = {
			old: rateSide(from.name, oldSide.queries, oldSide.rankings),
			new: rateSide(to.name, newSide.queries, newSide.rankings)
		};
		const pastQuestions = await this.#comparePast(
			asked,
			old.slice(items.length),
			next.slice(items.length),
			same
		);
		return {
			...{ planId: this.#run.plan.id, version: 1, at: this.#deps.clock.now() },
			...{ queries: items.length, maxRecallLoss: gate.maxRecallLoss },
			passed: !failure && passesGate(sides.old, sides.new, gate),
			...sides,
			overlapAt10: meanOverlap(oldSide.rankings, newSide.rankings, same),
			losses: lossesOf(oldSide, newSide),
			recut: await this.#isRecut(),
			pastQuestions,
			warnings: failure ? [] : warningsOf({ ...sides, pastQuestions }),
			...(failure && { oldFailed: failure.message })
		};
	}

	/** Questions with an answer in both indexes: a document may have gone since the new one was built. */
	async #items(): Promise<readonly KnownItem[]> {
		const { oldIndex, newIndex, gate } = this.#params;
		const { workshop } = this.#deps;
		const items = await workshop.knownItems(oldIndex, gate.queries, seed);
		const hashes = items.map(({ textHash }) => textHash);
		const same = await Counterparts.find(workshop, oldIndex, newIndex, hashes);
		return items.filter(({ textHash }) => same.of(textHash).size > 0);
	}

	#ask(spec: ModelSpec, index: IndexId, queries: readonly string[]): Promise<Answers> {
		const { signal } = this.#run;
		const onAnswer = (): void => this.#run.progress(++this.#answered, 2 * queries.length);
		return askIndex(this.#deps, { spec, index, queries, signal, onAnswer });
	}

	async #comparePast(
		asked: readonly PastQuestion[],
		old: readonly Ranking[],
		next: readonly Ranking[],
		same: Counterparts
	): Promise<PastQuestionComparison[]> {
		const { oldIndex, newIndex } = this.#params;
		const { workshop } = this.#deps;
		const compared: PastQuestionComparison[] = [];
		for (const [at, question] of asked.entries()) {
			const rankings = { old: old[at], new: next[at] };
			if (!rankings.old || !rankings.new) continue;
			const found = { asked: question, old: rankings.old, new: rankings.new, same };
			const oldPlaces = await workshop.textPlaces(oldIndex, rankings.old.found);
			const newPlaces = await workshop.textPlaces(newIndex, rankings.new.found);
			compared.push(comparePastQuestion({ ...found, oldPlaces, newPlaces }));
		}
		return compared;
	}

	async #isRecut(): Promise<boolean> {
		const { oldIndex, newIndex } = this.#params;
		const old = (await this.#deps.workshop.indexState(oldIndex))?.spec.chunker;
		const next = (await this.#deps.workshop.indexState(newIndex))?.spec.chunker;
		return old?.size !== next?.size || old?.overlap !== next?.overlap;
	}
}

/** Half of the answers say nothing about an index. */
function wholeOrNothing({ rankings, failure }: Answers): Answers {
	return { rankings: failure ? [] : rankings, failure };
}

function inOldIndex({ query, textHash }: KnownItem): GateQuery {
	return { query, right: new Set([textHash]) };
}
