import type { ModelFiles } from '../model-files.ts';
import { notPeft } from './refusals.ts';

const configName = 'adapter_config.json';

/**
 * The files of the folder in which an adapter lies, by their paths within it: people choose the folder above as well.
 * Errors: `adapter/not-peft` where there is no adapter, or more than one.
 */
export function adapterFolder(files: ModelFiles): ModelFiles {
	if (files.paths.includes(configName)) return files;
	const configs = files.paths.filter((path) => path.endsWith(`/${configName}`));
	const [config] = configs;
	if (config === undefined) throw notPeft(`${configName} is missing`);
	if (configs.length > 1)
		throw notPeft(`there are ${configs.length} adapters in it; choose the folder of one of them`);
	const folder = config.slice(0, -configName.length);
	const paths = files.paths.filter((path) => path.startsWith(folder));
	return {
		paths: paths.map((path) => path.slice(folder.length)),
		open: (path) => files.open(folder + path)
	};
}
