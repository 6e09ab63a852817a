import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeHasher } from '../testing/contracts/hasher.ts';
import { Sha256HasherFactory } from './sha256-hasher.ts';

describeHasher('Sha256HasherFactory', new Sha256HasherFactory());

test('a saved state names the installed build of hash-wasm', async () => {
	const manifest = readFileSync('node_modules/hash-wasm/package.json', 'utf8');
	const { version } = JSON.parse(manifest) as { version: string };
	const state = await (await new Sha256HasherFactory().create()).save();
	expect(new TextDecoder().decode(state.subarray(0, 64))).toContain(`hash-wasm ${version} `);
});
