import type { AdapterVerdict } from '../../adapters/adapter-verdict.ts';
import type { ModelFiles } from '../../adapters/model-files.ts';
import type { EngineChoice } from '../../core/setup.ts';
import type { ModelId } from '../../core/ids.ts';

/** How an adapter stands to a chat model of this device. */
export interface ModelOutlook {
	readonly choice: EngineChoice;
	/** The engine's name for people. */
	readonly engine: string;
	/** True for the chat engine of the setup. */
	readonly inUse: boolean;
	/** Whether it is called as the base of the adapter is, as far as names can tell. */
	readonly isNamed: boolean;
	readonly verdict: AdapterVerdict;
}

/** An adapter that was read and checked, and is not stored yet. */
export interface AdapterProposal {
	readonly name: string;
	/** Where it came from, for people. */
	readonly source: string;
	/** `base_model_name_or_path`; empty where it is not written. */
	readonly trainedOn: string;
	/** The highest of its modules. */
	readonly rank: number;
	/** How many layers it changes. */
	readonly modules: number;
	/** The last parts of their names, each once: `q_proj`. */
	readonly targets: readonly string[];
	/** True where all that it adds is zero. */
	readonly isZero: boolean;
	/** Of all files. */
	readonly bytes: number;
	/** Chat models of this device, the one in use first, then those that fit. */
	readonly models: readonly ModelOutlook[];
	/** The model to tie it to, unless the user chooses another; null for none. */
	readonly base: ModelId | null;
	/** All in memory or on this disk. */
	readonly files: ModelFiles;
}
