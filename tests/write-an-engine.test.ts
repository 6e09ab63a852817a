import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import type { EngineDefinition } from '../src/lib/engines/define-engine.ts';
import { EngineRegistry } from '../src/lib/engines/engine-registry.ts';
import { noFiles } from '../src/lib/engines/no-files.ts';
import { catalogVersion } from '../src/lib/library/catalog/catalog-schema.ts';
import { parseCatalog } from '../src/lib/library/catalog/parse-catalog.ts';
import { freezeEntry } from '../src/lib/library/hub/freeze-entry.ts';
import type { ModelHub } from '../src/lib/library/hub/model-hub.ts';
import { describeModelEngine } from '../src/lib/testing/contracts/model-engine.ts';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/guide/write-an-engine.md'), 'utf8');
const file = join(root, '.cache/write-an-engine/echo-engine.ts');

/** The code block that follows the comment with that name, and the file that the comment says it belongs to. */
function block(name: string): { readonly path: string; readonly code: string } {
	const pattern = new RegExp(`<!-- ${name}: (\\S+) -->\\s+\`\`\`\\w+\\n([\\s\\S]*?)\\n\`\`\``);
	const [, path, code] = pattern.exec(page) ?? [];
	if (!path || !code) throw new Error(`The page has no block "${name}"`);
	return { path, code };
}

/** The engine of the page with its imports pointed to the source, as if it stood where the page says. */
function writeEngine(): void {
	const { path, code } = block('engine');
	const home = dirname(join(root, path));
	const moved = code.replace(/(?<=from ')(\.[^']*)(?=')/g, (target) => {
		const address = relative(dirname(file), join(home, target)).replaceAll('\\', '/');
		return address.startsWith('.') ? address : `./${address}`;
	});
	rmSync(dirname(file), { recursive: true, force: true });
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, moved);
}

/** What the compiler says of the engine under this repository's settings. */
function complaints(): string[] {
	const config = ts.getParsedCommandLineOfConfigFile(join(root, 'tsconfig.json'), undefined, {
		...ts.sys,
		onUnRecoverableConfigFileDiagnostic: () => undefined
	});
	const program = ts.createProgram([file], config?.options ?? {});
	const source = program.getSourceFile(file);
	return ts
		.getPreEmitDiagnostics(program, source)
		.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

writeEngine();
const { echoEngine } = (await import(pathToFileURL(file).href)) as { echoEngine: EngineDefinition };
const catalog = parseCatalog({
	version: catalogVersion,
	models: [JSON.parse(block('entry').code)]
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
		expect(complaints()).toEqual([]);
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
