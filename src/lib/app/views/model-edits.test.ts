import { expect, test } from 'vitest';
import type { EmbeddingSpec } from '../../core/model-spec.ts';
import { listingOf } from '../../testing/listing-of.ts';
import { editsOf, withEdits } from './model-edits.ts';

const embedding: EmbeddingSpec = {
	dims: 384,
	pooling: 'cls',
	prefixes: { query: 'query: ', passage: 'passage: ' },
	normalise: true,
	maxTokens: 512
};
const chat = listingOf('Chat').entry;
const embedder = listingOf('Embedder', { entry: { tasks: ['embed'], embedding } }).entry;

test('what nobody corrects stays as it was found', () => {
	expect(withEdits(chat, editsOf(chat))).toEqual(chat);
	expect(withEdits(embedder, editsOf(embedder))).toEqual(embedder);
});

test('corrections of an embedder reach its spec, prefixes with their white space', () => {
	const edits = { ...editsOf(embedder), pooling: 'mean', queryPrefix: 'search: ' } as const;
	expect(withEdits(embedder, edits).embedding).toEqual({
		...embedding,
		pooling: 'mean',
		prefixes: { query: 'search: ', passage: 'passage: ' }
	});
});

test('a name of nothing but white space is no name', () => {
	expect(withEdits(chat, { ...editsOf(chat), name: '  ' }).name).toBe('Chat');
	expect(withEdits(chat, { ...editsOf(chat), name: ' Mine ' }).name).toBe('Mine');
});

test('an embedder that is to answer has no vectors', () => {
	const entry = withEdits(embedder, { ...editsOf(embedder), task: 'generate' });
	expect([entry.tasks, entry.embedding]).toEqual([['generate'], null]);
});

test('a chat model does not become an embedder by saying so', () => {
	expect(withEdits(chat, { ...editsOf(chat), task: 'embed' }).tasks).toEqual(['generate']);
});
