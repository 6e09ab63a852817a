import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import config from '../.dependency-cruiser.mjs';

const root = join(import.meta.dirname, '..');
const plantedTree = join(root, '.cache', 'import-rules');
const cruiser = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs');

interface Breach {
	readonly rule: string;
	readonly file: string;
	readonly imports: string;
	/** Default: an ordinary import. */
	readonly how?: 'type' | 'dynamic';
}

/** Files that break one rule each, and nothing but it; at least one for each rule. */
const breaches: readonly Breach[] = [
	{ rule: 'no-cycles', file: 'src/lib/core/egg.ts', imports: './hen.ts' },
	{ rule: 'core-imports-nothing', file: 'src/lib/core/upward.ts', imports: '../ports/port.ts' },
	{ rule: 'ports-import-core', file: 'src/lib/ports/upward.ts', imports: '../library/part.ts' },
	{
		rule: 'platform-implements-ports',
		file: 'src/lib/platform/upward.ts',
		imports: '../library/part.ts'
	},
	{
		rule: 'platform-from-roots-only',
		file: 'src/routes/+page.svelte',
		imports: '$lib/platform/part.ts'
	},
	{ rule: 'wire-imports-core', file: 'src/lib/wire/upward.ts', imports: '../ports/port.ts' },
	{
		rule: 'engines-stands-alone',
		file: 'src/lib/engines/own/sideways.ts',
		imports: '../../knowledge/part.ts'
	},
	{
		rule: 'library-stands-alone',
		file: 'src/lib/library/sideways.ts',
		imports: '../engines/part.ts'
	},
	{
		rule: 'knowledge-stands-alone',
		file: 'src/lib/knowledge/sideways.ts',
		imports: '../chat/part.ts'
	},
	{
		rule: 'adapters-stands-alone',
		file: 'src/lib/adapters/sideways.ts',
		imports: '../library/part.ts'
	},
	{ rule: 'chat-stands-alone', file: 'src/lib/chat/upward.ts', imports: '../migration/part.ts' },
	{ rule: 'migration-below-app', file: 'src/lib/migration/upward.ts', imports: '../app/part.ts' },
	{ rule: 'ui-is-dumb', file: 'src/lib/ui/Clever.svelte', imports: '../migration/part.ts' },
	{ rule: 'app-below-routes', file: 'src/lib/app/upward.ts', imports: '../../routes/part.ts' },
	{ rule: 'testing-for-tests', file: 'src/lib/app/fake.ts', imports: '../testing/part.ts' },
	{ rule: 'comlink-in-wire', file: 'src/lib/app/calls.ts', imports: 'comlink' },
	{ rule: 'idb-in-platform', file: 'src/lib/app/rows.ts', imports: 'idb' },
	{
		rule: 'workbox-in-service-worker',
		file: 'src/lib/app/cache.ts',
		imports: 'workbox-precaching'
	},
	{ rule: 'svelte-in-views', file: 'src/lib/migration/reactive.ts', imports: 'svelte/store' },
	{
		rule: 'runtimes-in-engines',
		file: 'src/routes/help/+page.svelte',
		imports: '@huggingface/transformers'
	},
	{
		rule: 'runtimes-in-engines',
		file: 'src/lib/app/lazy.ts',
		imports: 'onnxruntime-web',
		how: 'dynamic'
	},
	{
		rule: 'library-stands-alone',
		file: 'src/lib/library/types.ts',
		imports: '../knowledge/part.ts',
		how: 'type'
	},
	{ rule: 'no-unresolved', file: 'src/lib/app/lost.ts', imports: './nowhere.ts' }
];

/** What the breaches import, and what must stay allowed. */
const innocent: Readonly<Record<string, string>> = {
	'src/lib/core/hen.ts': code('./egg.ts'),
	'src/lib/ports/port.ts': code('../core/part.ts'),
	'src/lib/core/part.ts': '',
	'src/lib/platform/part.ts': code('idb'),
	'src/lib/engines/part.ts': code('onnxruntime-web'),
	'src/lib/library/part.ts': code('../wire/part.ts'),
	'src/lib/library/part.test.ts': code('../testing/part.ts'),
	'src/lib/wire/part.ts': code('comlink'),
	'src/lib/knowledge/part.ts': '',
	'src/lib/chat/part.ts': '',
	'src/lib/migration/part.ts': code('../library/part.ts'),
	'src/lib/app/part.ts': code('../migration/part.ts'),
	'src/lib/app/boot.ts': code('../platform/part.ts'),
	'src/lib/testing/part.ts': '',
	'src/routes/part.ts': code('$lib/app/part.ts'),
	'src/workers/engine.worker.ts': code('../lib/platform/part.ts')
};

describe('the import rules', () => {
	let reported: readonly Violation[] = [];

	beforeAll(async () => {
		await rm(plantedTree, { recursive: true, force: true });
		for (const [file, text] of Object.entries(innocent)) await plant(file, text);
		for (const breach of breaches) await plant(breach.file, codeOf(breach));
		const paths = { $lib: ['../src/lib'], '$lib/*': ['../src/lib/*'] };
		const aliases = { compilerOptions: { paths }, include: ['../src/**/*'] };
		await plant('.svelte-kit/tsconfig.json', JSON.stringify(aliases));
		reported = await violationsIn(plantedTree);
	}, 60_000);

	test('each have a breach here', () => {
		const names = config.forbidden.map(({ name }) => name);
		expect(new Set(breaches.map(({ rule }) => rule))).toEqual(new Set(names));
	});

	test.each(breaches)('$rule: $file may not import $imports', ({ rule, file }) => {
		const broken = reported.filter(({ from }) => from === file).map(({ rule }) => rule.name);
		expect(broken).toEqual([rule]);
	});

	test('leave all other imports alone', () => {
		const guilty = new Set(breaches.map(({ file }) => file));
		expect(reported.filter(({ from }) => !guilty.has(from))).toEqual([]);
	});

	test('hold in the source', async () => {
		expect(await violationsIn(root)).toEqual([]);
	}, 120_000);
});

interface Violation {
	readonly from: string;
	readonly to: string;
	readonly rule: { readonly name: string };
}

/** What dependency-cruiser reports of `src` in `folder` under the rules of this repository. */
async function violationsIn(folder: string): Promise<readonly Violation[]> {
	const rules = join(root, '.dependency-cruiser.mjs');
	const options = ['src', '--config', rules, '--output-type', 'json'];
	const output = await new Promise<string>((resolve, reject) => {
		const settings = { cwd: folder, maxBuffer: 2 ** 28 };
		// It ends with the number of violations as its status: only a run that wrote no report has failed.
		execFile(process.execPath, [cruiser, ...options], settings, (_, report, complaint) => {
			if (report) resolve(report);
			else reject(new Error(complaint));
		});
	});
	const report = JSON.parse(output) as { summary: { violations: readonly Violation[] } };
	return report.summary.violations;
}

function codeOf({ file, imports, how }: Breach): string {
	const text = code(imports, how);
	return file.endsWith('.svelte') ? `<script lang="ts">\n${text}</script>\n` : text;
}

/** A module that imports `what`. */
function code(what: string, how?: Breach['how']): string {
	if (how === 'dynamic') return `export const load = () => import('${what}');\n`;
	if (how === 'type') return `export type { Part } from '${what}';\n`;
	return `import * as part from '${what}';\nconsole.log(part);\n`;
}

async function plant(file: string, text: string): Promise<void> {
	const path = join(plantedTree, file);
	await mkdir(dirname(path), { recursive: true });
	await writeFile(path, text || 'export type Part = 1;\n');
}
