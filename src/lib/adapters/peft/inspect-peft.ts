import type { AdapterModule } from '../adapter-records.ts';
import type { ModelFiles } from '../model-files.ts';
import type { PeftAdapter } from './peft-adapter.ts';
import { readPeftContents } from './peft-contents.ts';

/** What is known of an adapter without its numbers. */
export interface PeftFacts extends Omit<PeftAdapter, 'modules'> {
	readonly modules: readonly AdapterModule[];
}

/** Reads and checks an adapter like `readPeft`, with the same errors, but in little memory: no number of it is kept. */
export async function inspectPeft(files: ModelFiles, signal?: AbortSignal): Promise<PeftFacts> {
	const { modules, ...facts } = await readPeftContents(files, { keep: false, signal });
	return {
		...facts,
		modules: modules.map(({ layout: { module, rank, inSize, outSize } }) => {
			return { module, rank, inSize, outSize };
		})
	};
}
