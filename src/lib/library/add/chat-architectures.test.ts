import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { chatArchitectures } from './chat-architectures.ts';

test('the architectures are those that the installed runtime names', () => {
	const source = readFileSync(
		'node_modules/@huggingface/transformers/src/models/registry.js',
		'utf8'
	);
	const [, list] = /MODEL_FOR_CAUSAL_LM_MAPPING_NAMES = new Map\(\[(.*?)\]\);/s.exec(source) ?? [];
	const named = [...(list ?? '').matchAll(/\['([^']+)',/g)].map(([, type]) => type);
	expect(named.length).toBeGreaterThan(50);
	expect([...chatArchitectures].sort()).toEqual(named.sort());
});
