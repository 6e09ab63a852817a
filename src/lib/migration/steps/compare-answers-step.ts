import { throwIfAborted } from '../../core/abort.ts';
import { toAppError } from '../../core/errors.ts';
import type { ModelSpec } from '../../core/model-spec.ts';
import type { AdapterUse } from '../../core/setup.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import { write } from '../../ports/store-write.ts';
import { answerPrompt } from '../answer-prompt.ts';
import type { AnswerReport, AnswerSide, PromptComparison } from '../answer-report.ts';
import { isComplete, judgeAnswers } from '../answer-verdict.ts';
import { answerReportStore } from '../migration-records.ts';
import type { BenchEngine, EngineBench, PassageFinder } from '../migration-ports.ts';
import type { MigrationStep, StepRun } from '../migration-step.ts';
import { openWithRoom } from '../open-with-room.ts';
import type { StepParams } from '../plan.ts';
import { withoutFailedAdapters } from '../without-failed-adapters.ts';

export interface CompareAnswersDeps {
	readonly bench: EngineBench;
	readonly passages: PassageFinder;
	readonly records: RecordStore;
	readonly clock: Clock;
	/** Resolves when the user's own questions are answered: they go first. */
	readonly whenIdle: (signal: AbortSignal) => Promise<void>;
}

/**
 * Has the old chat engine, then the new one, answer the test prompts, each with the adapters that are on with it. Each answer is kept as it comes, so that a run that
 * was cut short goes on where it was. An engine that fails has that said in the report, and the upgrade goes on.
 */
export function compareAnswersStep(deps: CompareAnswersDeps): MigrationStep<'compare-answers'> {
	return {
		async do(params, run) {
			const comparison = await AnswerComparison.begin(deps, params, run);
			const { from, to } = run.plan;
			const usable = await withoutFailedAdapters(deps.records, to);
			await comparison.ask('old', params.from, from.adapters);
			await comparison.ask('new', params.to, usable.adapters);
		},

		async verify(_, { plan }) {
			const report = await deps.records.get(answerReportStore, [plan.id]);
			if (!report || !isComplete(report)) return { done: false };
			const { passed, prompts, lost } = judgeAnswers(report);
			return { done: true, result: { passed, prompts, lost } };
		},

		async undo() {
			// The report stays: it says why.
		}
	};
}

class AnswerComparison {
	readonly #deps: CompareAnswersDeps;
	readonly #run: StepRun;
	#report: AnswerReport;

	private constructor(deps: CompareAnswersDeps, run: StepRun, report: AnswerReport) {
		this.#deps = deps;
		this.#run = run;
		this.#report = report;
	}

	/** Takes up what an earlier run has left. The passages are found once, so that both engines stand on the same. */
	static async begin(
		deps: CompareAnswersDeps,
		{ from, to, prompts }: StepParams['compare-answers'],
		run: StepRun
	): Promise<AnswerComparison> {
		const there = await deps.records.get(answerReportStore, [run.plan.id]);
		if (there) return new AnswerComparison(deps, run, there);
		const asked: PromptComparison[] = [];
		for (const { id, text } of prompts) {
			const passages = await deps.passages.passagesFor(text, run.signal);
			throwIfAborted(run.signal);
			const sources = passages.map(({ title }) => title);
			asked.push({ ...{ id, text, sources, passages }, old: null, new: null, vote: null });
		}
		const comparison = new AnswerComparison(deps, run, {
			...{ planId: run.plan.id, version: 1, at: deps.clock.now() },
			...{ oldName: from.name, newName: to.name, prompts: asked }
		});
		await comparison.#save();
		return comparison;
	}

	/** Has that engine answer what it has not answered yet. One engine is open at a time: two would need the memory of both. */
	async ask(side: 'old' | 'new', spec: ModelSpec, adapters: readonly AdapterUse[]): Promise<void> {
		const engine = new LazyEngine(this.#deps.bench, { spec, adapters }, this.#run.signal);
		try {
			for (const prompt of this.#report.prompts.filter((each) => each[side] === null)) {
				await this.#deps.whenIdle(this.#run.signal);
				const answer = await this.#answer(engine, spec, prompt);
				this.#report = withAnswer(this.#report, prompt.id, side, answer);
				await this.#save();
			}
		} finally {
			await engine.close();
		}
	}

	async #answer(
		engine: LazyEngine,
		spec: ModelSpec,
		{ text: prompt, passages = [] }: PromptComparison
	): Promise<AnswerSide> {
		const { clock } = this.#deps;
		const { signal } = this.#run;
		const started = clock.monotonic();
		try {
			return await answerPrompt(await engine.open(), { spec, prompt, passages }, signal);
		} catch (error) {
			throwIfAborted(signal);
			// What has failed once may be of no more use: the next prompt gets a fresh one.
			await engine.close();
			const ms = clock.monotonic() - started;
			const { message } = toAppError(error, 'engine/generate-failed');
			return { text: '', error: message, firstTokenMs: null, tokensPerSecond: null, ms };
		}
	}

	async #save(): Promise<void> {
		const { prompts } = this.#report;
		const answered = prompts.flatMap((each) => [each.old, each.new]).filter((side) => side).length;
		await this.#run.save({ answered }, [write.put(answerReportStore, this.#report)]);
		this.#run.progress(answered, 2 * prompts.length);
	}
}

interface Openable {
	readonly spec: ModelSpec;
	readonly adapters: readonly AdapterUse[];
}

/** An engine that is opened when it is first needed. One that cannot be opened is not tried again. */
class LazyEngine {
	readonly #bench: EngineBench;
	readonly #what: Openable;
	readonly #signal: AbortSignal;
	#engine: BenchEngine | null = null;
	#failure: { readonly error: unknown } | null = null;

	constructor(bench: EngineBench, what: Openable, signal: AbortSignal) {
		this.#bench = bench;
		this.#what = what;
		this.#signal = signal;
	}

	/** Errors: those of loading. */
	async open(): Promise<BenchEngine> {
		if (this.#failure) throw this.#failure.error;
		try {
			this.#engine ??= await this.#open();
			return this.#engine;
		} catch (error) {
			this.#failure = { error };
			throw error;
		}
	}

	/** An adapter that does not work stops no comparison: the engine then answers without. */
	async #open(): Promise<BenchEngine> {
		const { spec, adapters } = this.#what;
		const bench = this.#bench;
		try {
			return await openWithRoom({ bench }, { spec, adapters }, this.#signal);
		} catch (error) {
			throwIfAborted(this.#signal);
			if (adapters.length === 0) throw error;
			return openWithRoom({ bench }, { spec }, this.#signal);
		}
	}

	/** Idempotent; it may be opened again. */
	async close(): Promise<void> {
		const engine = this.#engine;
		this.#engine = null;
		await engine?.close();
	}
}

function withAnswer(
	report: AnswerReport,
	id: string,
	side: 'old' | 'new',
	answer: AnswerSide
): AnswerReport {
	const prompts = report.prompts.map((prompt) => {
		if (prompt.id !== id) return prompt;
		const { passages, ...answered } = { ...prompt, [side]: answer };
		const complete = answered.old !== null && answered.new !== null;
		return complete || !passages ? answered : { ...answered, passages };
	});
	return { ...report, prompts };
}
