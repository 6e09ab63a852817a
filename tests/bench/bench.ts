import type { BenchSite } from './bench-site.ts';
import type { Table } from './table.ts';

/** One thing that is measured: `npm run bench -- <name>`. */
export interface Bench {
	readonly name: string;
	/** What is compared with what, in one sentence, for people who wait. */
	readonly title: string;
	/** Rejects only when something is broken, never because something is slow. */
	run(site: BenchSite): Promise<Table>;
}
