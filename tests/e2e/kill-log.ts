import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** How a tab was killed: its page by the browser, all pages by the system, or the browser itself. */
export const killMethods = ['page', 'pages', 'browser'] as const;
export type KillMethod = (typeof killMethods)[number];

const folder = join(import.meta.dirname, '..', '..', '.cache', 'reports');

/** Which phases of upgrades the kills have hit; also in a file, a line for each, as the test goes on. */
export class KillLog {
	readonly #file: string;
	readonly #hits = new Map<string, Map<KillMethod, number>>();
	readonly #notes = new Map<string, number>();

	constructor(name: string) {
		this.#file = join(folder, `kills-${name}.txt`);
		mkdirSync(dirname(this.#file), { recursive: true });
		writeFileSync(this.#file, '');
	}

	get count(): number {
		return [...this.#hits.keys()].reduce((sum, phase) => sum + this.hits(phase), 0);
	}

	add(phase: string, method: KillMethod): void {
		const hits = this.#hits.get(phase) ?? new Map<KillMethod, number>();
		hits.set(method, (hits.get(method) ?? 0) + 1);
		this.#hits.set(phase, hits);
		this.#write(`${this.count}\t${phase}\t${method}`);
	}

	/** Something that a reader of the table should know; it is counted. */
	note(text: string): void {
		this.#notes.set(text, (this.#notes.get(text) ?? 0) + 1);
		this.#write(text);
	}

	hits(phase: string): number {
		return [...(this.#hits.get(phase)?.values() ?? [])].reduce((sum, count) => sum + count, 0);
	}

	/** A table in Markdown, a row for each phase, in the order in which they were first hit. */
	table(): string {
		const rows = [...this.#hits].map(([phase, hits]) => {
			const counts = killMethods.map((method) => hits.get(method) ?? 0);
			return `| ${[phase, ...counts, this.hits(phase)].join(' | ')} |`;
		});
		return [
			`${this.count} kills`,
			`| killed in | ${killMethods.join(' | ')} | all |`,
			'| --- | --: | --: | --: | --: |',
			...rows,
			...[...this.#notes].map(([text, times]) => `${times} times: ${text}`)
		].join('\n');
	}

	#write(line: string): void {
		appendFileSync(this.#file, `${line}\n`);
	}
}
