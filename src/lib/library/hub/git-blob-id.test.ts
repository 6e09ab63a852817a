import { expect, test } from 'vitest';
import { gitBlobId } from './git-blob-id.ts';

test.each([
	['', 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391'],
	['hello\n', 'ce013625030ba8dba906f756967f9e9ca394464a']
])('%j has the id that Git gives it', async (text, id) => {
	expect(await gitBlobId(new TextEncoder().encode(text))).toBe(id);
});
