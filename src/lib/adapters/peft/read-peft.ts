import type { ModelFiles } from '../model-files.ts';
import type { PeftAdapter } from './peft-adapter.ts';
import { readPeftContents } from './peft-contents.ts';

/**
 * Reads an adapter as PEFT saves it, each of its files once and to its end; other files beside them do not matter. The
 * files may be anything at all: what they tell is checked before memory is taken for it. Errors: `adapter/not-peft`,
 * `adapter/unsupported`, `adapter/unreadable`, `adapter/not-finite`, `cancelled`, and those of the files.
 */
export async function readPeft(files: ModelFiles, signal?: AbortSignal): Promise<PeftAdapter> {
	const { modules, ...facts } = await readPeftContents(files, { keep: true, signal });
	return {
		...facts,
		modules: modules.map(({ layout, a, b }) => {
			const { module, rank, inSize, outSize, scale } = layout;
			return { module, rank, inSize, outSize, scale, a: a.values, b: b.values };
		})
	};
}
