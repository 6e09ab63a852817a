import { expect, test } from 'vitest';
import { specialTokens } from './special-tokens.ts';

const special = (id: string) => ({ SpecialToken: { id } });
const text = { Sequence: { id: 'A' } };
const ids = { '[CLS]': { ids: [101] }, '[SEP]': { ids: [102] }, '<s>': { ids: [0, 7] } };

test.each([
	[
		'a template',
		{ single: [special('[CLS]'), text, special('[SEP]')], special_tokens: ids },
		{ before: [101], after: [102] }
	],
	[
		'a template that only opens, with a token of two ids',
		{ single: [special('<s>'), text], special_tokens: ids },
		{ before: [0, 7], after: [] }
	],
	[
		'a template among several rules',
		{
			processors: [{ type: 'ByteLevel' }, { single: [special('<s>'), text], special_tokens: ids }]
		},
		{ before: [0, 7], after: [] }
	],
	[
		'rules named after a model',
		{ type: 'RobertaProcessing', cls: ['<s>', 0], sep: ['</s>', 2] } as const,
		{ before: [0], after: [2] }
	]
])('are those of %s', (_, post_processor, expected) => {
	expect(specialTokens({ post_processor })).toEqual(expected);
});

test('without rules they are those that such models have', () => {
	const added_tokens = [
		{ id: 0, content: '[PAD]' },
		{ id: 2, content: '[CLS]' },
		{ id: 3, content: '[SEP]' }
	];
	expect(specialTokens({ post_processor: null, added_tokens })).toEqual({
		...{ before: [2], after: [3] }
	});
});

test('there may be none', () => {
	expect(specialTokens({})).toEqual({ before: [], after: [] });
});
