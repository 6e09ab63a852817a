import type { DryRunReport } from './dry-run.ts';
import type { MigrationPlan, PlannedStep, Range } from './plan.ts';

/** From so short a trial, the rest is known only this well. */
const faster = 0.7;
const slower = 1.5;

/** Times that each kind of step starts an engine. */
const loads: Partial<Record<PlannedStep['kind'], number>> = {
	...{ canary: 1, 'build-index': 1, compare: 2, 'compare-answers': 2 }
};

/**
 * How long the whole upgrade takes, in seconds, from what a dry run has measured: starting engines, embedding, and
 * comparing. Without the download, as nobody knows how fast that will be.
 */
export function upgradeDuration(plan: MigrationPlan, report: DryRunReport): Range {
	const tried = plan.steps.filter(({ kind }) => kind === 'canary').length;
	const perLoad = tried > 0 ? report.loadSeconds / tried : 0;
	const perText = report.textsPerSecond ? 1 / report.textsPerSecond : 0;
	const rest = plan.steps.reduce(
		(sum, step) =>
			sum +
			(loads[step.kind] ?? 0) * perLoad +
			triesOf(step) * (perLoad + (report.answerSeconds ?? 0)) +
			questionsOf(step) * perText +
			answersOf(step) * (report.answerSeconds ?? 0),
		0
	);
	const embedding = report.seconds ?? { low: 0, high: 0 };
	return { low: embedding.low + rest * faster, high: embedding.high + rest * slower };
}

/** Each adapter is tried beside the bare engine. */
function triesOf(step: PlannedStep): number {
	return step.kind === 'check-adapters' ? 2 * step.params.adapters.length : 0;
}

/** Both indexes are asked. */
function questionsOf(step: PlannedStep): number {
	if (step.kind !== 'compare') return 0;
	const { queries, pastQuestions = 0 } = step.params.gate;
	return 2 * (queries + pastQuestions);
}

/** Both engines are asked. */
function answersOf(step: PlannedStep): number {
	return step.kind === 'compare-answers' ? 2 * step.params.prompts.length : 0;
}
