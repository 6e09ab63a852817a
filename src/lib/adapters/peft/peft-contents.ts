import type { ModelFiles } from '../model-files.ts';
import { adapterFolder } from './adapter-folder.ts';
import { findPeftFiles } from './find-peft-files.ts';
import { layOutModules } from './lay-out-modules.ts';
import type { LoraLayout } from './lora-layout.ts';
import { peftLimits } from './peft-limits.ts';
import type { Tensor } from './read-tensor.ts';
import { notPeft } from './refusals.ts';
import { WeightReader } from './weight-reader.ts';

/** What an adapter holds, checked. */
export interface PeftContents {
	/** `base_model_name_or_path`; empty where it is not told. */
	readonly baseName: string;
	readonly modules: readonly LoadedModule[];
	/** The highest rank of its modules. */
	readonly rank: number;
	/** True where all that it adds is zero. */
	readonly isZero: boolean;
	/** The files that belong to it, within its folder. */
	readonly paths: readonly string[];
}

export interface LoadedModule {
	readonly layout: LoraLayout;
	readonly a: Tensor;
	readonly b: Tensor;
}

export interface ReadOptions {
	/** Whether the numbers are kept, not only checked. */
	readonly keep: boolean;
	readonly signal?: AbortSignal | undefined;
}

/** Reads the files of an adapter, each once and to its end. Errors: see `readPeft`. */
export async function readPeftContents(
	chosen: ModelFiles,
	{ keep, signal }: ReadOptions
): Promise<PeftContents> {
	const files = adapterFolder(chosen);
	const { config, weights, paths } = await findPeftFiles(files);
	const reader = await WeightReader.open(files, weights);
	try {
		const layouts = layOutModules(config, reader.tensors);
		const numbers = reader.tensors.reduce((sum, { count }) => sum + count, 0);
		if (numbers * 4 > peftLimits.weightBytes)
			throw notPeft('its weights are larger than 2 GiB, more than a browser can work with');
		const tensorOf = await reader.read(keep, signal);
		const modules = layouts.map((layout) => ({
			layout,
			a: tensorOf(layout.tensorA),
			b: tensorOf(layout.tensorB)
		}));
		const isZero = modules.every(({ layout, a, b }) => a.isZero || b.isZero || layout.scale === 0);
		const rank = Math.max(...layouts.map((layout) => layout.rank));
		return { baseName: config.baseName, modules, rank, isZero, paths };
	} finally {
		await reader.close();
	}
}
