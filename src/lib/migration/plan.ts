import type { IndexId, ModelId, PlanId } from '../core/ids.ts';
import type { Json } from '../core/json.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { AdapterUse, Setup } from '../core/setup.ts';
import type { IndexSpec } from '../knowledge/index-spec.ts';

/** A value known only roughly, told as a range. */
export interface Range {
	readonly low: number;
	readonly high: number;
}

export interface UpgradeOptions {
	/** Days in which the old setup can be had back after the switch. */
	readonly keepDays: number;
	/** `when-ready` switches at once; `ask` waits for the user. */
	readonly switchMoment: 'when-ready' | 'ask';
	readonly gate: GateOptions;
	/** To begin with: it can be changed while the upgrade runs. */
	readonly speed: Speed;
	/**
	 * Waits by itself while the battery is low, and before downloads while the line is metered, where the browser tells.
	 * Absent in older plans: it does not.
	 */
	readonly considerate?: boolean;
}

/**
 * How much of the machine re-embedding takes. `gentle` rests between batches; `when-idle` works only while nobody touches
 * the device.
 */
export type Speed = 'full' | 'gentle' | 'when-idle';

export interface GateOptions {
	readonly enabled: boolean;
	/** Known-item queries to ask both indexes. */
	readonly queries: number;
	/** The gate fails when recall@10 of the new index is lower than the old one's by more than this (0…1). */
	readonly maxRecallLoss: number;
	/** How many questions of the user's own are asked again, at most. Absent in older plans: none. */
	readonly pastQuestions?: number;
	/** Whether both chat engines answer the test prompts. Absent in older plans: they do not. */
	readonly prompts?: boolean;
}

/** A prompt that the user keeps to try engines with. */
export interface TestPrompt {
	readonly id: string;
	readonly text: string;
}

/** Parameters of each kind of step. Plain JSON: a plan can be exported and read back. */
export interface StepParams {
	/** Looks once more, before anything is done, whether what was planned is still possible. */
	preflight: { readonly peakBytes: number };
	snapshot: { readonly setup: Setup };
	download: { readonly model: ModelId; readonly bytes: number };
	canary: { readonly spec: ModelSpec; readonly role: 'chat' | 'embedding' };
	'build-index': {
		readonly spec: ModelSpec;
		readonly indexSpec: IndexSpec;
		readonly index: IndexId;
	};
	compare: {
		readonly from: ModelSpec;
		readonly to: ModelSpec;
		readonly oldIndex: IndexId;
		readonly newIndex: IndexId;
		readonly gate: GateOptions;
	};
	/** Old and new chat engine answer the same prompts. The prompts are those of the day of the plan. */
	'compare-answers': {
		readonly from: ModelSpec;
		readonly to: ModelSpec;
		readonly prompts: readonly TestPrompt[];
	};
	/** Adapters are verified, and tried with the new chat engine. None of them can stop an upgrade. */
	'check-adapters': {
		readonly spec: ModelSpec;
		readonly adapters: readonly { readonly use: AdapterUse; readonly name: string }[];
	};
	switch: { readonly from: Setup; readonly to: Setup; readonly keepDays: number };
	/** A step that the app, or a plugin, has defined under that name. */
	custom: { readonly name: string; readonly title: string; readonly params: Json };
}

export type StepKind = keyof StepParams;

export type PlannedStep = {
	[Kind in StepKind]: {
		readonly id: string;
		readonly kind: Kind;
		readonly params: StepParams[Kind];
	};
}[StepKind];

export interface MigrationPlan {
	readonly id: PlanId;
	readonly version: 1;
	readonly createdAt: number;
	readonly from: Setup;
	readonly to: Setup;
	readonly options: UpgradeOptions;
	readonly steps: readonly PlannedStep[];
	readonly needs: {
		/** To download. */
		readonly downloadBytes: number;
		/** Peak of additional storage during the upgrade. */
		readonly peakBytes: number;
		/** Texts to embed; those that have a vector already are not counted. */
		readonly texts: number;
		/** How long embedding them will take; null where the model has not been measured here. Absent in older plans. */
		readonly seconds?: Range | null;
		/** When it was measured, epoch milliseconds. */
		readonly measuredAt?: number | null;
	};
	/** Whole sentences for the review page. */
	readonly effects: {
		readonly kept: readonly string[];
		readonly changed: readonly string[];
		readonly lost: readonly string[];
	};
}

/** Why a plan was not made, and the safer way. An outcome, not an exception. */
export interface Refusal {
	readonly reason:
		| 'nothing-to-change'
		| 'no-space'
		| 'not-in-catalog'
		| 'wont-fit'
		| 'upgrade-running'
		| 'licence'
		| 'dims'
		| 'context-shrinks';
	readonly message: string;
	readonly instead: string;
}

export type PlanResult =
	| { readonly ok: true; readonly plan: MigrationPlan }
	| { readonly ok: false; readonly refusal: Refusal };

export const defaultOptions: UpgradeOptions = {
	keepDays: 7,
	switchMoment: 'when-ready',
	gate: { enabled: true, queries: 50, maxRecallLoss: 0.05, pastQuestions: 20, prompts: true },
	speed: 'full',
	considerate: true
};
