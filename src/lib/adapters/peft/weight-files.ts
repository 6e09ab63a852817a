import * as z from 'zod/mini';
import type { ModelFiles } from '../model-files.ts';
import { clip } from './clip.ts';
import { peftLimits } from './peft-limits.ts';
import { readJson } from './read-json.ts';
import { notPeft, unreadable, unsupported } from './refusals.ts';

export interface WeightFiles {
	readonly paths: readonly string[];
	/** Where the weights are spread over several files: the list, and which file has which tensor. */
	readonly index: { readonly path: string; readonly fileOf: ReadonlyMap<string, string> } | null;
}

const whole = 'adapter_model.safetensors';
const indexPath = `${whole}.index.json`;
const index = z.object({ weight_map: z.record(z.string(), z.string()) });

/** Which of the files hold the weights. Errors: `adapter/not-peft`, `adapter/unsupported`, `adapter/unreadable`. */
export async function findWeightFiles(files: ModelFiles): Promise<WeightFiles> {
	if (files.paths.includes(whole)) return { paths: [whole], index: null };
	if (files.paths.includes(indexPath)) return readIndex(files);
	const pickled = files.paths.find((path) => /^adapter_model.*\.(bin|pth?)$/.test(path));
	if (pickled !== undefined)
		throw unsupported(
			`${clip(pickled)}, a format that can run any code when it is read`,
			'Convert it to safetensors: load the adapter in Python with PeftModel.from_pretrained and save it with save_pretrained.'
		);
	throw notPeft(`${whole} is missing`);
}

async function readIndex(files: ModelFiles): Promise<WeightFiles> {
	const parsed = index.safeParse(await readJson(files, indexPath, peftLimits.indexBytes));
	if (!parsed.success) throw unreadable(indexPath, 'it lists no files', parsed.error);
	const fileOf = new Map(Object.entries(parsed.data.weight_map));
	const paths = [...new Set(fileOf.values())];
	if (paths.length > peftLimits.shards)
		throw unreadable(indexPath, `it lists ${paths.length} files`);
	for (const path of paths) {
		if (!/^adapter_model[\w.-]*\.safetensors$/.test(path))
			throw unreadable(indexPath, `it lists ${clip(path)}, which is no file beside it`);
		if (!files.paths.includes(path)) throw notPeft(`${clip(path)} is missing`);
	}
	return { paths, index: { path: indexPath, fileOf } };
}
