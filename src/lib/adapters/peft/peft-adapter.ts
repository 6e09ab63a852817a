import type { LoraModule } from '../lora-module.ts';

/** A LoRA adapter as PEFT saved it, read whole and checked. */
export interface PeftAdapter {
	/** `base_model_name_or_path`; empty where it is not told. */
	readonly baseName: string;
	/** The highest rank of its modules. */
	readonly rank: number;
	/** At least one; no name twice, every number finite. */
	readonly modules: readonly LoraModule[];
	/** True where all that it adds is zero. */
	readonly isZero: boolean;
	/** The files that belong to it: its configuration, its weights and, where there is one, the list of their files. */
	readonly paths: readonly string[];
}
