import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { waysOn } from '../src/lib/app/ways-on.ts';
import type { ErrorCode } from '../src/lib/core/error-code.ts';
import { errorTable } from '../src/lib/core/error-table.ts';
import { statusAfter } from '../src/lib/engines/status-after.ts';

const path = join(import.meta.dirname, '../docs/guide/engine-contract.md');
const [, section = ''] = readFileSync(path, 'utf8').split('<!-- errors -->');
const rows = [...section.matchAll(/^\| `([\w/-]+)` +\| (.+) \|$/gm)].map(
	([, code = '', cells = '']) => [code, cells.split('|').map((cell) => cell.trim())] as const
);
const errors = rows.filter(([code]) => code === 'cancelled' || code.includes('/'));

describe('the table of errors in docs/guide/engine-contract.md', () => {
	test.each(errors)('tells of %s what the code does', (name, cells) => {
		expect(errorTable).toHaveProperty([name]);
		const code = name as ErrorCode;
		const ways = Object.entries(waysOn(code)).flatMap(([way, helps]) => (helps ? [way] : []));
		expect(cells).toEqual([
			statusAfter(code, 'load'),
			statusAfter(code, 'generate'),
			statusAfter(code, 'embed'),
			ways.join(', ') || 'nothing'
		]);
	});

	test('names every error that leaves an engine lost or usable', () => {
		const special = (Object.keys(errorTable) as ErrorCode[]).filter(
			(code) => statusAfter(code, 'embed') !== 'failed'
		);
		expect(errors.map(([code]) => code)).toEqual(expect.arrayContaining(special));
	});
});
