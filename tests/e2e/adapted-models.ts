import type { EntryId } from '../../src/lib/core/ids.ts';
import { buildTinyLlama } from '../fixtures/tiny-models/tiny-llama.ts';
import { tinyModel, type TinyModel } from '../fixtures/tiny-models/tiny-models.ts';

const llama = tinyModel('tiny-llama');

/** The tiny Llama again, its weights rounded to four bits: what was trained on the one fits the other. */
export const packedLlama: TinyModel = {
	entry: {
		...llama.entry,
		...{ id: 'packed-llama' as EntryId, name: 'Packed Llama', dtype: 'q4' },
		summary: 'The Tiny Llama in four bits. For tests of adapters.'
	},
	build: () => buildTinyLlama({ style: { format: 'q4' } })
};
