import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { EngineDefinition } from '../src/lib/engines/define-engine.ts';
import { EngineRegistry } from '../src/lib/engines/engine-registry.ts';
import { noFiles } from '../src/lib/engines/no-files.ts';
import { catalogVersion } from '../src/lib/library/catalog/catalog-schema.ts';
import { parseCatalog } from '../src/lib/library/catalog/parse-catalog.ts';
import { freezeEntry } from '../src/lib/library/hub/freeze-entry.ts';
import type { ModelHub } from '../src/lib/library/hub/model-hub.ts';
import { describeModelEngine } from '../src/lib/testing/contracts/model-engine.ts';
import { codeOfPage, compilerComplaints, writeCodeOfPage } from './code-of-page.ts';

const page = readFileSync(join(import.meta.dirname, '../docs/guide/write-an-engine.md'), 'utf8');
const file = writeCodeOfPage(page, 'engine', 'write-an-engine');
const { echoEngine } = (await import(pathToFileURL(file).href)) as { echoEngine: EngineDefinition };
const catalog = parseCatalog({
	version: catalogVersion,
	models: [JSON.parse(codeOfPage(page, 'entry').code)]
});
const [entry] = catalog;
if (!entry) throw new Error('The page has no catalog entry');
const { signal: never } = new AbortController();
const { spec } = await freezeEntry(entry, { hub: nobody() }, never);

describeModelEngine('The engine of the guide', async () => ({
	engine: await echoEngine.make(),
	request: { spec, files: noFiles, device: 'auto' }
}));

describe('The engine of the guide', () => {
	test('compiles under the settings of this repository', () => {
		expect(compilerComplaints(file)).toEqual([]);
	}, 60_000);

	test('is found by the kind that its catalog entry names', async () => {
		const registry = new EngineRegistry([echoEngine]);
		expect(await registry.make(spec.engine)).toMatchObject({ info: { name: 'Echo' } });
	});

	test('puts texts with the same words near each other', async () => {
		const engine = await echoEngine.make();
		const { signal } = new AbortController();
		await engine.load({ spec, files: noFiles, device: 'auto' }, { signal });
		const texts = ['the warm summer rain', 'warm rain in the summer', 'quarterly tax return'];
		const [one, near, far] = await engine.embed(texts, { signal, purpose: 'passage' });
		expect(dot(one!, near!)).toBeGreaterThan(dot(one!, far!) + 0.5);
	});
});

/** Built-in models have no publisher to ask. */
function nobody(): ModelHub {
	const read = (): Promise<never> => Promise.reject(new Error('nobody is to be asked'));
	return { read, fetchSmall: read };
}

function dot(a: Float32Array, b: Float32Array): number {
	return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}
