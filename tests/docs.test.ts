import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errorsPage } from '../scripts/write-errors-doc.ts';
import { formatBytes } from '../src/lib/core/bytes.ts';
import { AppError } from '../src/lib/core/errors.ts';
import { defaultChunker } from '../src/lib/knowledge/index-spec.ts';
import { largestDocument } from '../src/lib/knowledge/read-document.ts';
import { maxIndexDims } from '../src/lib/migration/index-dims.ts';
import { passageSizes } from '../src/lib/migration/passage-size.ts';
import { maxFailedStarts } from '../src/lib/migration/decisions.ts';
import { minContextTokens } from '../src/lib/migration/plan-refusal.ts';
import { defaultOptions } from '../src/lib/migration/plan.ts';
import { answerTokens } from '../src/lib/migration/comparison-request.ts';
import { lowOverlap, noticeableMs, slowdown } from '../src/lib/migration/quality-gate.ts';
import { schemaSteps } from '../src/lib/platform/database-schema.ts';

const root = join(import.meta.dirname, '..');
const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: root }).toSorted();

function read(page: string): string {
	return readFileSync(join(root, page), 'utf8');
}

test('docs/errors.md is what `npm run docs:errors` writes', async () => {
	expect(read('docs/errors.md')).toBe(await errorsPage());
});

describe.each(pages)('%s', (page) => {
	test('links to pages and files that are there', () => {
		const targets = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, to]) => to!);
		const missing = targets.filter((to) => !existsSync(join(root, dirname(page), to)));
		expect(missing).toEqual([]);
	});

	test('names source files that are there', () => {
		const named = [...read(page).matchAll(/`((?:src|scripts|tests|static)\/[\w./-]+\.\w+)`/g)];
		// A guide to something new names the file that the reader is about to write.
		const written = [...read(page).matchAll(/^<!-- \w+: (\S+) -->$/gm)].map(([, path]) => path!);
		const missing = named
			.map(([, path]) => path!)
			.filter((path) => !existsSync(join(root, path)) && !written.includes(path));
		expect(missing).toEqual([]);
	});
});

describe('docs/storage.md', () => {
	test('describes every store of the database, and no other', () => {
		const stores: string[] = [];
		const db = { createObjectStore: (name: string) => void stores.push(name) };
		for (const step of schemaSteps) step.apply(db as never, {} as never);
		const [, section] = /## IndexedDB\n([\s\S]*?)\n## /.exec(read('docs/storage.md')) ?? [];
		const described = [...(section ?? '').matchAll(/^\| `([\w-]+)`/gm)].map(([, name]) => name);
		expect(described.toSorted()).toEqual(stores.toSorted());
	});
});

describe('docs/guide/upgrade-your-engine.md', () => {
	const guide = read('docs/guide/upgrade-your-engine.md');
	const { keepDays, gate } = defaultOptions;

	test.each([
		`${keepDays} days`,
		`${gate.queries} questions`,
		`${gate.maxRecallLoss * 100} percentage points`,
		`${maxFailedStarts} times in a row`,
		`${minContextTokens} tokens`,
		`${maxIndexDims} dimensions`,
		...passageSizes.map(({ name }) => name),
		`${passageSizes
			.map(({ size }) => size.toLocaleString('en'))
			.join(', ')
			.replace(/, (?=\S+$)/, ' or ')} characters`
	])('tells the default: %s', (fact) => {
		expect(guide).toContain(fact);
	});
});

describe('docs/guide/quality-gate.md', () => {
	const guide = read('docs/guide/quality-gate.md');
	const { gate } = defaultOptions;

	test.each([
		`${gate.queries} questions`,
		`last ${gate.pastQuestions} questions`,
		`${gate.maxRecallLoss * 100} percentage points`,
		`more than ${slowdown} times`,
		`more than ${noticeableMs} ms`,
		`in ${answerTokens} tokens at most`
	])('tells the limit: %s', (fact) => {
		expect(guide).toContain(fact);
	});

	test('warns where fewer than half of the passages are found again', () => {
		expect(guide).toContain('fewer than half of the passages');
		expect(lowOverlap).toBe(1 / 2);
	});
});

describe('docs/guide/your-documents.md', () => {
	const guide = read('docs/guide/your-documents.md');

	test.each([
		formatBytes(largestDocument),
		`${defaultChunker.size} characters`,
		`${defaultChunker.overlap} characters`
	])('tells the limit: %s', (fact) => {
		expect(guide).toContain(fact);
	});

	test.each([
		'document/unsupported',
		'document/unreadable',
		'document/encrypted',
		'document/empty',
		'document/too-large',
		'document/interrupted'
	] as const)('quotes the message of %s', (code) => {
		const details = { name: 'report.pdf', reason: '…', limit: formatBytes(largestDocument) };
		expect(guide).toContain(new AppError(code, { details }).message);
	});
});
