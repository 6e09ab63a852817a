import type { ModelFiles } from '../model-files.ts';
import { adapterFolder } from './adapter-folder.ts';
import { layOutModules } from './lay-out-modules.ts';
import { parsePeftConfig } from './parse-peft-config.ts';
import type { PeftAdapter } from './peft-adapter.ts';
import { peftLimits } from './peft-limits.ts';
import { readJson } from './read-json.ts';
import { notPeft } from './refusals.ts';
import { findWeightFiles } from './weight-files.ts';
import { WeightReader } from './weight-reader.ts';

const configPath = 'adapter_config.json';

/**
 * Reads an adapter as PEFT saves it, each of its files once and to its end; other files beside them do not matter. The
 * files may be anything at all: what they tell is checked before memory is taken for it. Errors: `adapter/not-peft`,
 * `adapter/unsupported`, `adapter/unreadable`, `adapter/not-finite`, `cancelled`, and those of the files.
 */
export async function readPeft(chosen: ModelFiles, signal?: AbortSignal): Promise<PeftAdapter> {
	const files = adapterFolder(chosen);
	const config = parsePeftConfig(await readJson(files, configPath, peftLimits.configBytes));
	const weights = await findWeightFiles(files);
	const reader = await WeightReader.open(files, weights);
	try {
		const layouts = layOutModules(config, reader.tensors);
		const numbers = reader.tensors.reduce((sum, { count }) => sum + count, 0);
		if (numbers * 4 > peftLimits.weightBytes)
			throw notPeft('its weights are larger than 2 GiB, more than a browser can work with');
		const tensorOf = await reader.read(signal);
		const modules = layouts.map(({ tensorA, tensorB, ...layout }) => {
			const [a, b] = [tensorOf(tensorA), tensorOf(tensorB)];
			const isZero = a.isZero || b.isZero || layout.scale === 0;
			return { isZero, lora: { ...layout, a: a.values, b: b.values } };
		});
		return {
			baseName: config.baseName,
			rank: Math.max(...layouts.map(({ rank }) => rank)),
			modules: modules.map(({ lora }) => lora),
			isZero: modules.every(({ isZero }) => isZero),
			paths: [configPath, ...(weights.index ? [weights.index.path] : []), ...weights.paths]
		};
	} finally {
		await reader.close();
	}
}
