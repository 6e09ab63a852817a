import { formatBytes } from '../core/bytes.ts';
import type { PlanId } from '../core/ids.ts';
import type { Json } from '../core/json.ts';
import { speedOf } from './decisions.ts';
import { formatDuration } from './estimate.ts';
import { describeFailure, type FailedPassage } from './failed-passage.ts';
import { gateVerdict, isGate } from './gate-steps.ts';
import type { JournalEntry } from './journal-entry.ts';
import { readJournal, type Failure, type JournalState } from './journal-state.ts';
import { nextAction } from './machine.ts';
import type { LiveProgress } from './migration-run.ts';
import type { NextAction, Waiting } from './next-action.ts';
import type { MigrationPlan, PlannedStep, Speed, StepKind } from './plan.ts';
import { titleOf } from './step-title.ts';
import type { AdapterFindings } from './steps/check-adapters-step.ts';

export interface StepView {
	readonly id: string;
	readonly kind: StepKind;
	/** For people: `Re-embed your documents`. */
	readonly title: string;
	readonly state: 'pending' | 'running' | 'done' | 'failed' | 'undone';
	/** How far it is, what it found, or why it failed; may be empty. */
	readonly detail: string;
	/** Passages that could not be embedded: where each stands, and why. The last line may say how many more there are. */
	readonly problems: readonly string[];
}

/** An upgrade as its page shows it. */
export interface MigrationView {
	readonly planId: PlanId;
	readonly plan: MigrationPlan;
	/** `waiting` for a decision of the user (see `waitingFor`); `trial` until Keep or Undo. */
	readonly phase: 'running' | 'paused' | 'waiting' | 'trial' | 'rolling-back' | 'done';
	readonly waitingFor: Waiting | null;
	readonly outcome: 'committed' | 'rolled-back' | null;
	readonly steps: readonly StepView[];
	/** Of the whole upgrade, 0…1. */
	readonly fraction: number;
	/** Texts embedded so far; null when nothing is embedded in this upgrade. */
	readonly texts: { readonly done: number; readonly total: number } | null;
	/** How fast it is to go, as it is wanted now. */
	readonly speed: Speed;
	/** Why the step under way waits by itself, a whole sentence; null while it works. */
	readonly holding: string | null;
	/** Why it paused or goes back; null when nothing failed. */
	readonly failure: Failure | null;
	/** False when a comparison found too little; null when there was none so far. */
	readonly gatePassed: boolean | null;
	/** End of the trial, epoch milliseconds; null before the switch. */
	readonly keepUntil: number | null;
}

/** Roughly how long each kind of step takes, for the progress bar. */
const weights: Readonly<Record<StepKind, number>> = {
	preflight: 1,
	snapshot: 1,
	download: 30,
	canary: 4,
	'build-index': 50,
	compare: 8,
	'compare-answers': 8,
	'check-adapters': 8,
	custom: 2,
	switch: 1
};

/** Errors: `migration/journal-corrupt`. */
export function describeProgress(
	entries: readonly JournalEntry[],
	live: LiveProgress | null
): MigrationView {
	const state = readJournal(entries);
	const next = nextAction(entries);
	const { plan } = state;
	return {
		planId: plan.id,
		plan,
		phase: phaseOf(state, next),
		waitingFor: next.type === 'wait' ? next.for : null,
		outcome: state.outcome,
		steps: plan.steps.map((step) => viewOf(step, state, live)),
		fraction: fractionOf(state, live),
		texts: textsOf(state),
		speed: speedOf(state),
		holding: live?.holding ?? null,
		failure: state.rollback ?? [...state.failures.values()].at(-1) ?? null,
		gatePassed: gatePassedIn(state),
		keepUntil: state.extendedTo ?? numberIn(resultOf(state, 'switch'), 'keepUntil')
	};
}

function phaseOf(state: JournalState, next: NextAction): MigrationView['phase'] {
	if (state.outcome) return 'done';
	if (state.rollback) return 'rolling-back';
	if (next.type === 'extend-trial') return 'trial';
	if (next.type !== 'wait') return 'running';
	if (next.for === 'resume') return 'paused';
	return next.for === 'keep-or-undo' ? 'trial' : 'waiting';
}

function viewOf(step: PlannedStep, state: JournalState, live: LiveProgress | null): StepView {
	return {
		id: step.id,
		kind: step.kind,
		title: titleOf(step, state.plan),
		state: stateOf(step, state),
		detail: detailOf(step, state, live),
		problems: problemsOf(step, state)
	};
}

function stateOf({ id }: PlannedStep, state: JournalState): StepView['state'] {
	if (state.failures.has(id)) return 'failed';
	if (state.undone.has(id)) return 'undone';
	if (state.results.has(id)) return 'done';
	return state.started.has(id) ? 'running' : 'pending';
}

function detailOf(step: PlannedStep, state: JournalState, live: LiveProgress | null): string {
	const failure = state.failures.get(step.id);
	if (failure) return failure.message;
	const result = state.results.get(step.id);
	if (result !== undefined) return resultDetail(step.kind, result);
	const own = live?.step === step.id ? live : null;
	const { done, total } = progressOf(step, state, live);
	if (total === 0) return own?.holding ?? '';
	const things = countedIn(step.kind);
	const amount =
		step.kind === 'download'
			? `${formatBytes(done)} of ${formatBytes(total)}`
			: `${done} of ${total} ${things}`;
	if (own?.holding) return `${amount}. ${own.holding}`;
	const speed = step.kind === 'build-index' && own?.perSecond;
	const left = own?.remaining;
	return [amount, speed && formatRate(speed), left && `${formatDuration(left)} left`]
		.filter(Boolean)
		.join(', ');
}

function problemsOf({ id, kind }: PlannedStep, state: JournalState): readonly string[] {
	// Both embed. What a step that is not SAM's own keeps may look the same and mean something else.
	const embeds = kind === 'build-index' || kind === 'switch';
	const checkpoint = embeds ? state.checkpoints.get(id) : undefined;
	const named = (field(checkpoint, 'failed') ?? []) as unknown as readonly FailedPassage[];
	const more = (numberIn(checkpoint, 'failures') ?? 0) - named.length;
	return [...named.map(describeFailure), ...(more > 0 ? [`And ${more} more.`] : [])];
}

/** Two digits are enough: `41/s`, `0.8/s`. */
function formatRate(perSecond: number): string {
	return `${perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond)}/s`;
}

function resultDetail(kind: StepKind, result: Json): string {
	if (kind === 'build-index') return `${numberIn(result, 'embedded') ?? 0} passages`;
	if (kind === 'download') return formatBytes(numberIn(result, 'bytes') ?? 0);
	if (kind === 'compare-answers') return answersDetail(result);
	if (kind === 'check-adapters') return adaptersDetail(result);
	if (kind === 'snapshot') return damagedDetail(result);
	if (kind !== 'compare') return '';
	const percent = (name: string): string => {
		const share = numberIn(result, name);
		return share === null ? 'not known' : `${Math.round(100 * share)}%`;
	};
	return `Finds ${percent('newRecallAt10')} of the passages; before: ${percent('oldRecallAt10')}`;
}

function answersDetail(result: Json): string {
	const prompts = numberIn(result, 'prompts') ?? 0;
	const lost = numberIn(result, 'lost') ?? 0;
	if (prompts === 0) return 'No test prompts';
	return lost > 0 ? `No answer to ${lost} of ${prompts} prompts` : `${prompts} prompts answered`;
}

function adaptersDetail(result: Json): string {
	const { works, same, failed, untried = [] } = result as unknown as AdapterFindings;
	const told = (names: readonly string[], what: string): string[] =>
		names.length > 0 ? [`${what}: ${names.join(', ')}`] : [];
	return [
		...told(works, 'Works'),
		...told(same, 'Changes nothing'),
		...told(failed.map(withReason), 'Stays off'),
		...told(untried.map(withReason), 'Needs check')
	].join('. ');
}

function withReason({ name, reason }: { readonly name: string; readonly reason: string }): string {
	return `${name} (${reason})`;
}

function damagedDetail(result: Json): string {
	const damaged = field(result, 'damaged') as readonly string[] | undefined;
	return damaged ? `Stored files of adapters are damaged: ${damaged.join(', ')}` : '';
}

function countedIn(kind: StepKind): string {
	if (kind === 'compare') return 'questions';
	if (kind === 'check-adapters') return 'adapters';
	return kind === 'compare-answers' ? 'answers' : 'passages';
}

function progressOf(
	step: PlannedStep,
	state: JournalState,
	live: LiveProgress | null
): { readonly done: number; readonly total: number } {
	if (live?.step === step.id) return live;
	const checkpoint = state.checkpoints.get(step.id);
	if (step.kind !== 'build-index') return { done: 0, total: 0 };
	return {
		done: numberIn(checkpoint, 'embedded') ?? 0,
		total: numberIn(checkpoint, 'total') ?? 0
	};
}

function fractionOf(state: JournalState, live: LiveProgress | null): number {
	if (state.outcome) return 1;
	let done = 0;
	let total = 0;
	for (const step of state.plan.steps) {
		const weight = weights[step.kind];
		const progress = progressOf(step, state, live);
		const part = progress.total === 0 ? 0 : Math.min(1, progress.done / progress.total);
		total += weight;
		done += weight * (state.results.has(step.id) ? 1 : part);
	}
	return total === 0 ? 1 : done / total;
}

function textsOf(state: JournalState): MigrationView['texts'] {
	const step = state.plan.steps.find(({ kind }) => kind === 'build-index');
	if (!step) return null;
	const latest = state.results.get(step.id) ?? state.checkpoints.get(step.id);
	const total = numberIn(latest, 'texts') ?? numberIn(latest, 'total');
	return { done: numberIn(latest, 'embedded') ?? 0, total: total ?? state.plan.needs.texts };
}

function gatePassedIn(state: JournalState): boolean | null {
	const verdicts = state.plan.steps
		.filter(isGate)
		.map(({ id }) => gateVerdict(state.results.get(id)))
		.filter((verdict) => verdict !== null);
	return verdicts.length === 0 ? null : verdicts.every(Boolean);
}

function resultOf(state: JournalState, kind: StepKind): Json | undefined {
	const step = state.plan.steps.find((planned) => planned.kind === kind);
	return step && state.results.get(step.id);
}

function field(value: Json | undefined, name: string): Json | undefined {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
	return (value as Readonly<Record<string, Json | undefined>>)[name];
}

function numberIn(value: Json | undefined, name: string): number | null {
	const found = field(value, name);
	return typeof found === 'number' ? found : null;
}
