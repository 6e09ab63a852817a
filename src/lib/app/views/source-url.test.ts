import { expect, test } from 'vitest';
import { shortRevision, sourceUrl } from './source-url.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';

test('a model from the hub or from GitHub has a page at its revision', () => {
	const repository = 'owner/name';
	expect(sourceUrl({ source: { host: 'huggingface', repository }, revision: commit })).toBe(
		`https://huggingface.co/owner/name/tree/${commit}`
	);
	expect(sourceUrl({ source: { host: 'github', repository }, revision: 'a branch' })).toBe(
		'https://github.com/owner/name/tree/a%20branch'
	);
});

test('a model from nowhere public has none', () => {
	expect(sourceUrl({ source: null, revision: '1' })).toBeNull();
});

test('only commits are cut', () => {
	expect([commit, 'main', '2'].map(shortRevision)).toEqual(['0123456789ab', 'main', '2']);
});
