/** What `adapter_config.json` says, as far as it matters for what the adapter computes. */
export interface PeftConfig {
	/** `base_model_name_or_path`; empty where it is not told. */
	readonly baseName: string;
	/** True for rsLoRA: alpha is divided by the root of the rank. */
	readonly rankStabilised: boolean;
	/** The rank that a module should have. */
	rankOf(module: string): number;
	alphaOf(module: string): number;
}
