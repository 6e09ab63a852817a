import type { EntryId } from '../../src/lib/core/ids.ts';
import { truncated } from '../fixtures/tiny-models/damaged-models.ts';
import { tinyModel, type TinyModel } from '../fixtures/tiny-models/tiny-models.ts';

const { entry, build } = tinyModel('tiny-llama');

/** In the catalog with the right digests, and yet no engine can read it: its publisher has made a mistake. */
export const brokenLlama: TinyModel = {
	entry: {
		...entry,
		...{ id: 'broken-llama' as EntryId, name: 'Broken Llama' },
		summary: 'Its graph ends early. For tests of failures.'
	},
	build: () => truncated(build(), 20_000)
};
