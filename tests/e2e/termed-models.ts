import type { EntryId } from '../../src/lib/core/ids.ts';
import { tinyModel, type TinyModel } from '../fixtures/tiny-models/tiny-models.ts';

const bert = tinyModel('tiny-bert-64');

/** Its publisher sets terms of use, as some do. */
export const termedBert: TinyModel = {
	entry: {
		...bert.entry,
		...{ id: 'termed-bert' as EntryId, name: 'Termed BERT' },
		summary: 'Has terms of use. For tests of licences.',
		licence: { name: 'Termed Terms of Use', url: 'https://terms.example/' }
	},
	build: () => bert.build()
};
