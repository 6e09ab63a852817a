import type { IndexId, ModelId, PlanId } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { Setup } from '../core/setup.ts';
import type { DeviceProfile } from '../ports/gpu-probe.ts';
import type { StepDefinition } from './define-migration-step.ts';
import type { UpgradeOptions } from './plan.ts';

/** A frozen model, as far as planning needs it. */
export interface PlannableModel extends ModelSpec {
	/** Besides what the engine and the quantisation imply: `webgpu`, `cross-origin-isolated`, features of the GPU. */
	readonly needs: readonly string[];
	/** Number of weights; null where nobody said. */
	readonly parameters: number | null;
}

/** How fast the chosen embedding model was on this device when it was last measured. */
export interface MeasuredSpeed {
	readonly textsPerSecond: number;
	/** Epoch milliseconds. */
	readonly at: number;
}

/** Everything that a plan is made from. */
export interface UpgradeRequest {
	readonly id: PlanId;
	/** Epoch milliseconds. */
	readonly now: number;
	readonly setup: Setup;
	readonly catalog: readonly PlannableModel[];
	readonly installed: ReadonlySet<ModelId>;
	/** Indexes that are there already, the retired ones too. */
	readonly indexes: ReadonlyMap<IndexId, { readonly texts: number; readonly embedded: number }>;
	/** `indexIdOf(indexSpecOf(model))` of the chosen embedding model; null when none is chosen. */
	readonly newIndexId: IndexId | null;
	/** Distinct texts of all chunks. */
	readonly texts: number;
	/** Null keeps the present one. */
	readonly choice: { readonly chat: ModelId | null; readonly embedding: ModelId | null };
	/** What the browser still grants, in bytes; null where it does not tell. */
	readonly freeBytes: number | null;
	/** True while another upgrade, or its trial, is under way. */
	readonly unfinished: boolean;
	/** Null where it was not probed: then nothing is refused for it. */
	readonly device: DeviceProfile | null;
	/** Kinds of engines that this build has. */
	readonly engines: readonly string[];
	/** Null where it has not been measured, or does not change. */
	readonly embeddingSpeed: MeasuredSpeed | null;
	/** The user's chats, by how many tokens all their messages have. Needed where the chat engine changes. */
	readonly chats: readonly { readonly title: string; readonly tokens: number }[];
	/** Steps that are not SAM's own. */
	readonly customSteps?: readonly StepDefinition[];
	readonly options: UpgradeOptions;
}

/** What will change: null for a role that keeps its engine. */
export interface Changes {
	readonly chat: PlannableModel | null;
	readonly embedding: PlannableModel | null;
}
