import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { schemaSteps } from './database-schema.ts';

/** The stores that all steps together create. */
function storesOfSchema(): string[] {
	const names: string[] = [];
	const db = { createObjectStore: (name: string) => void names.push(name) };
	for (const step of schemaSteps) step.apply(db as never, {} as never);
	return names;
}

/** The stores that the features declare as `StoreOf`. */
function storesInUse(): string[] {
	const files = globSync('src/lib/*/**/*.ts', { exclude: ['src/lib/testing/**', '**/*.test.ts'] });
	const declaration = /StoreOf<[^=]*>\s*=\s*\{\s*name:\s*'([^']+)'/g;
	return files.flatMap((file) =>
		[...readFileSync(file, 'utf8').matchAll(declaration)].map((match) => match[1] ?? '')
	);
}

test('the steps are numbered from 1 without a gap', () => {
	expect(schemaSteps.map(({ to }) => to)).toEqual(schemaSteps.map((_, i) => i + 1));
});

test('every store that a feature declares is in the schema', () => {
	expect(storesInUse().length).toBeGreaterThan(5);
	expect(storesOfSchema()).toEqual(expect.arrayContaining(storesInUse()));
});

test('no two features share a store', () => {
	expect(storesInUse()).toHaveLength(new Set(storesInUse()).size);
});
