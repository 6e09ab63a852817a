import type { EntryId, IndexId, ModelId, PlanId } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { AdapterUse, Setup } from '../core/setup.ts';
import type { IndexSpec } from '../knowledge/index-spec.ts';
import type { DeviceProfile } from '../ports/gpu-probe.ts';
import type { StepDefinition } from './define-migration-step.ts';
import type { TestPrompt, UpgradeOptions } from './plan.ts';

/** A frozen model, as far as planning needs it. */
export interface PlannableModel extends ModelSpec {
	/** Besides what the engine and the quantisation imply: `webgpu`, `cross-origin-isolated`, features of the GPU. */
	readonly needs: readonly string[];
	/** Number of weights; null where nobody said. */
	readonly parameters: number | null;
	/** Null or absent where nobody has stated one. */
	readonly licence?: ModelLicence | null;
}

/** Under which terms a model is given. */
export interface ModelLicence {
	/** The model's entry: its revisions share one acceptance. */
	readonly entry: EntryId;
	readonly name: string;
	/** Its text. */
	readonly url: string;
}

/** What is wished for the index besides another engine. */
export interface IndexWish {
	/** Every passage is embedded anew, also by the engine in use. */
	readonly rebuild: boolean;
	/** Characters of a passage; null keeps the present size. */
	readonly chunkSize: number | null;
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
	/** How the index in use is made. Null or absent where nobody knows: then as a model's first index is. */
	readonly presentIndex?: IndexSpec | null;
	/** `indexIdOf(nextIndexSpec(…))` of what is chosen; null when the index stays. */
	readonly newIndexId: IndexId | null;
	/** How often a rebuild of the index in use has been tried before; see `nextIndexSpec`. */
	readonly rebuilds?: number;
	/** Distinct texts of all chunks of the index in use. */
	readonly texts: number;
	/** The same as the new index cuts them up. Absent where that does not change. */
	readonly newTexts?: number;
	/** Null keeps the present one. */
	readonly choice: {
		readonly chat: ModelId | null;
		readonly embedding: ModelId | null;
		readonly index?: IndexWish;
	};
	/** What the browser still grants, in bytes; null where it does not tell. */
	readonly freeBytes: number | null;
	/** Another upgrade that is under way, or on trial; null when there is none. */
	readonly unfinished: UnfinishedUpgrade | null;
	/** Null where it was not probed: then nothing is refused for it. */
	readonly device: DeviceProfile | null;
	/** Kinds of engines that this build has. */
	readonly engines: readonly string[];
	/** Of the model that embeds the new index. Null where it has not been measured, or the index stays. */
	readonly embeddingSpeed: MeasuredSpeed | null;
	/** The user's chats, by how many tokens all their messages have. Needed where the chat engine changes. */
	readonly chats: readonly { readonly title: string; readonly tokens: number }[];
	/** What the user asks of both chat engines to compare them. */
	readonly prompts?: readonly TestPrompt[];
	/** Licences that the user has agreed to. */
	readonly accepted?: readonly AcceptedLicence[];
	/** Adapters that are on, or are wanted wherever they fit. Needed where the chat engine changes. */
	readonly adapters?: readonly AdapterOutlook[];
	/** Steps that are not SAM's own. */
	readonly customSteps?: readonly StepDefinition[];
	readonly options: UpgradeOptions;
}

/** How an adapter stands to the chat engine that is planned for. */
export interface AdapterOutlook {
	readonly use: AdapterUse;
	readonly name: string;
	/** Whether it is on in the present setup. */
	readonly on: boolean;
	/** `active`: on from the switch on. `needs-check`: is tried before the switch. `inactive`: kept, and off. */
	readonly after: 'active' | 'needs-check' | 'inactive';
	/** A whole sentence for people. */
	readonly reason: string;
}

/** A licence that the user has agreed to, once for all revisions of a model. */
export interface AcceptedLicence {
	readonly entry: EntryId;
	/** The licence's name: under another one, the user is asked again. */
	readonly name: string;
}

export interface UnfinishedUpgrade {
	readonly from: Setup;
	readonly to: Setup;
	/** True when the new setup is in use already, on trial. */
	readonly onTrial: boolean;
}

/** What will change: null for what stays. */
export interface Changes {
	readonly chat: PlannableModel | null;
	readonly embedding: PlannableModel | null;
	readonly index: IndexChange | null;
}

/** Another index beside the present one. */
export interface IndexChange {
	/** Embeds it: the new embedding engine, or the one that stays. */
	readonly model: PlannableModel;
	readonly spec: IndexSpec;
	readonly id: IndexId;
}
