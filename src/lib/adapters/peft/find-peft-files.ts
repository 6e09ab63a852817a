import type { ModelFiles } from '../model-files.ts';
import { parsePeftConfig } from './parse-peft-config.ts';
import type { PeftConfig } from './peft-config.ts';
import { peftLimits } from './peft-limits.ts';
import { readJson } from './read-json.ts';
import { findWeightFiles, type WeightFiles } from './weight-files.ts';

const configPath = 'adapter_config.json';

export interface PeftFiles {
	readonly config: PeftConfig;
	readonly weights: WeightFiles;
	/** All that belong to the adapter: its configuration, its weights and, where there is one, the list of their files. */
	readonly paths: readonly string[];
}

/** Which files of its folder make up an adapter. Errors: `adapter/not-peft`, `adapter/unsupported`, `adapter/unreadable`. */
export async function findPeftFiles(files: ModelFiles): Promise<PeftFiles> {
	const config = parsePeftConfig(await readJson(files, configPath, peftLimits.configBytes));
	const weights = await findWeightFiles(files);
	const index = weights.index ? [weights.index.path] : [];
	return { config, weights, paths: [configPath, ...index, ...weights.paths] };
}
