import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const page = join(import.meta.dirname, '..', '..', 'docs', 'benchmarks.md');

/** Puts a bench's table between its marks in docs/benchmarks.md, in place of the last one. */
export function writeResult(name: string, table: string, machine: string): void {
	const [begin, end] = [`<!-- bench:${name} -->`, `<!-- /bench -->`];
	const text = readFileSync(page, 'utf8');
	const from = text.indexOf(begin);
	const to = text.indexOf(end, from);
	if (from < 0 || to < 0) throw new Error(`docs/benchmarks.md has no place for ${name}.`);
	const date = new Date().toISOString().slice(0, 10);
	const source = `${date}, ${machine}, \`npm run bench -- ${name}\``;
	const result = `${begin}\n\n${table}\n\n${source}\n\n`;
	writeFileSync(page, text.slice(0, from) + result + text.slice(to));
}
