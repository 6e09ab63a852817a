import type { EntryId } from '../../src/lib/core/ids.ts';
import { truncated } from '../fixtures/tiny-models/damaged-models.ts';
import { tinyModel, type TinyModel } from '../fixtures/tiny-models/tiny-models.ts';

const llama = tinyModel('tiny-llama');

/** In the catalog with the right digests, and yet no engine can read it: its publisher has made a mistake. */
export const brokenLlama: TinyModel = {
	entry: {
		...llama.entry,
		...{ id: 'broken-llama' as EntryId, name: 'Broken Llama' },
		summary: 'Its graph ends early. For tests of failures.'
	},
	build: () => truncated(llama.build(), 20_000)
};
