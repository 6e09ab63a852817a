import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { starterModels } from '../src/lib/engines/starter/starter-models.ts';
import { parseCatalog } from '../src/lib/library/parse-catalog.ts';

const catalogFile = new URL('../static/catalog.json', import.meta.url);
const catalog = parseCatalog(JSON.parse(readFileSync(catalogFile, 'utf8')));

test('the catalog that is shipped can be read', () => {
	expect(catalog.length).toBeGreaterThanOrEqual(2);
});

test('its built-in models are the ones in the bundle, word for word', () => {
	const builtIn = catalog.filter(({ files }) => files.length === 0);
	expect(builtIn).toMatchObject(starterModels);
	expect(builtIn).toHaveLength(starterModels.length);
});

test('each model that it replaces is in it', () => {
	const ids = new Set(catalog.map(({ id }) => id));
	for (const { replaces } of catalog) for (const id of replaces) expect(ids).toContain(id);
});

test('Starter 2 is offered in place of Starter 1', () => {
	expect(catalog.find(({ name }) => name === 'Starter 2')?.replaces).toEqual(['starter-1']);
});
