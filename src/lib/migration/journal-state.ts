import type { ErrorCode } from '../core/error-code.ts';
import { AppError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { gateVerdict, isGate } from './gate-steps.ts';
import type { JournalEntry } from './journal-entry.ts';
import type { MigrationPlan, Speed } from './plan.ts';

export interface Failure {
	readonly code: ErrorCode;
	readonly message: string;
}

/** What the entries of one upgrade add up to. Sets and maps are keyed by step id. */
export interface JournalState {
	readonly plan: MigrationPlan;
	readonly started: ReadonlySet<string>;
	/** Starts since the step last got further or the user resumed: high when it kills the tab each time. */
	readonly attempts: ReadonlyMap<string, number>;
	readonly checkpoints: ReadonlyMap<string, Json>;
	/** Results of the steps that were verified. */
	readonly results: ReadonlyMap<string, Json>;
	readonly failures: ReadonlyMap<string, Failure>;
	readonly undone: ReadonlySet<string>;
	readonly paused: boolean;
	/** How fast the user wants it since it began; null where the plan's speed holds. */
	readonly speed: Speed | null;
	/** Comparisons that found too little, by step, until the user goes past them. */
	readonly failedGates: ReadonlySet<string>;
	/** The user's reason, or null. */
	readonly gateOverride: string | null;
	readonly switchApproved: boolean;
	/** Why it is going back, or null. */
	readonly rollback: Failure | null;
	/** When the trial is to end instead, epoch milliseconds; null when it does already. */
	readonly wantedEnd: number | null;
	/** When it ends since it was extended; null when it was not. */
	readonly extendedTo: number | null;
	readonly kept: boolean;
	readonly outcome: 'committed' | 'rolled-back' | null;
}

/** Reads the entries of one upgrade. Errors: `migration/journal-corrupt` for a history that cannot have happened. */
export function readJournal(entries: readonly JournalEntry[]): JournalState {
	const first = entries[0];
	if (first?.type !== 'planned') throw corrupt('it does not begin with a plan');
	const fold = new Fold(first.plan);
	for (const [at, entry] of entries.entries()) {
		if (entry.seq !== at || entry.planId !== first.planId) throw corrupt(`entry ${at} is missing`);
		if (at > 0) fold.apply(entry);
	}
	return fold;
}

function corrupt(reason: string): AppError {
	return new AppError('migration/journal-corrupt', { details: { reason } });
}

class Fold implements JournalState {
	readonly plan: MigrationPlan;
	readonly started = new Set<string>();
	readonly attempts = new Map<string, number>();
	readonly checkpoints = new Map<string, Json>();
	readonly results = new Map<string, Json>();
	readonly failures = new Map<string, Failure>();
	readonly undone = new Set<string>();
	paused = false;
	speed: Speed | null = null;
	readonly failedGates = new Set<string>();
	gateOverride: string | null = null;
	switchApproved = false;
	rollback: Failure | null = null;
	wantedEnd: number | null = null;
	extendedTo: number | null = null;
	kept = false;
	outcome: 'committed' | 'rolled-back' | null = null;

	constructor(plan: MigrationPlan) {
		this.plan = plan;
	}

	apply(entry: JournalEntry): void {
		this.#expect(this.outcome === null, 'it goes on after its end');
		switch (entry.type) {
			case 'planned':
				throw corrupt('it has two plans');
			case 'step-started':
				this.#expect(this.#isNext(entry.step), `step "${entry.step}" began out of turn`);
				this.#expect(this.rollback === null, 'a step began while it was going back');
				this.started.add(entry.step);
				this.attempts.set(entry.step, (this.attempts.get(entry.step) ?? 0) + 1);
				this.failures.delete(entry.step);
				break;
			case 'step-checkpoint':
				this.#expectStarted(entry.step);
				this.checkpoints.set(entry.step, entry.checkpoint);
				this.attempts.set(entry.step, 0);
				break;
			case 'step-suspended':
				this.#expectStarted(entry.step);
				this.attempts.set(entry.step, Math.max(0, (this.attempts.get(entry.step) ?? 0) - 1));
				break;
			case 'step-verified':
				this.#expectStarted(entry.step);
				this.results.set(entry.step, entry.result);
				if (this.#isFailedGate(entry.step, entry.result)) this.failedGates.add(entry.step);
				break;
			case 'step-failed':
				this.#expectStarted(entry.step);
				this.failures.set(entry.step, { code: entry.code, message: entry.message });
				break;
			case 'paused':
				this.paused = true;
				break;
			case 'resumed':
				this.paused = false;
				this.attempts.clear();
				this.failures.clear();
				break;
			case 'speed-set':
				this.speed = entry.speed;
				break;
			case 'gate-overridden':
				this.gateOverride = entry.reason;
				this.failedGates.clear();
				break;
			case 'switch-approved':
				this.switchApproved = true;
				break;
			case 'extension-wanted':
				this.wantedEnd = entry.keepUntil;
				break;
			case 'extended':
				this.#expect(this.wantedEnd !== null, 'the trial was extended unasked');
				this.extendedTo = this.wantedEnd;
				this.wantedEnd = null;
				break;
			case 'rollback-requested':
				this.#expect(!this.kept, 'it went back after Keep');
				this.rollback ??= { code: entry.code, message: entry.message };
				break;
			case 'undo-started':
			case 'undo-finished':
				this.#expect(this.rollback !== null, 'a step was undone without a reason');
				this.#expectStarted(entry.step);
				if (entry.type === 'undo-finished') this.undone.add(entry.step);
				break;
			case 'kept':
				this.#expect(this.rollback === null, 'it was kept while it was going back');
				this.#expect(this.results.size === this.plan.steps.length, 'it was kept unfinished');
				this.kept = true;
				break;
			case 'committed':
				this.#expect(this.kept, 'it was committed without Keep');
				this.outcome = 'committed';
				break;
			case 'rolled-back':
				this.#expect(this.rollback !== null, 'it went back without a reason');
				this.outcome = 'rolled-back';
				break;
			default:
				entry satisfies never;
				throw corrupt('it has an entry of an unknown kind');
		}
	}

	#isFailedGate(step: string, result: Json): boolean {
		const planned = this.plan.steps.find(({ id }) => id === step);
		return planned !== undefined && isGate(planned) && gateVerdict(result) === false;
	}

	#isNext(step: string): boolean {
		return this.plan.steps.find(({ id }) => !this.results.has(id))?.id === step;
	}

	#expectStarted(step: string): void {
		this.#expect(this.started.has(step), `step "${step}" was not started`);
	}

	#expect(condition: boolean, reason: string): void {
		if (!condition) throw corrupt(reason);
	}
}
