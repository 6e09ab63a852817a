import type { Page } from 'playwright';
import type { Bench } from '../bench.ts';
import { BenchBrowser } from '../bench-browser.ts';
import type { BenchSite } from '../bench-site.ts';
import { Garbage } from '../garbage.ts';

const sizes = [1000, 10_000, 50_000];
const megabyte = 1e6;

interface Measured {
	/** Bytes of the page with its documents open, before and after the index is filled, and the most in between. */
	readonly before: number;
	readonly after: number;
	readonly peak: number;
	readonly textsPerSecond: number;
}

export const indexMemory: Bench = {
	name: 'index-memory',
	title: 'Memory while an index of 1000, 10,000 and 50,000 passages is filled',
	async run(site) {
		const columns = [
			...['passages', 'documents open, MB', 'filled, MB', 'filled ÷ open', 'bar'],
			...['highest, garbage included, MB', 'texts/s']
		];
		if (process.platform !== 'linux') return { columns, rows: [['only Linux tells']] };
		const rows: string[][] = [];
		for (const passages of sizes) {
			const { before, after, peak, textsPerSecond } = await fill(site, passages);
			const megabytes = (bytes: number): string => (bytes / megabyte).toFixed(0);
			rows.push([
				...[String(passages), megabytes(before), megabytes(after)],
				...[(after / before).toFixed(3), '≤ 1.2', megabytes(peak), textsPerSecond.toFixed(0)]
			]);
		}
		return { columns, rows };
	}
};

/** On a profile of its own: the documents are stored by one page, and the index is filled by another. */
async function fill(site: BenchSite, passages: number): Promise<Measured> {
	const browser = await BenchBrowser.start();
	try {
		const first = await browser.open(site.url);
		await first.evaluate((count) => window.bench.knowledge.add(count), passages);
		await first.close();
		const page = await browser.open(site.url);
		const texts = await page.evaluate(() => window.bench.knowledge.createIndex());
		if (texts !== passages) throw new Error(`There are ${texts} texts instead of ${passages}.`);
		const garbage = await Garbage.of(page);
		const before = await heldMemory(browser, page, garbage);
		await browser.resetPeak();
		const ms = await page.evaluate(() => window.bench.knowledge.fill());
		const peak = (await browser.memory('renderer'))?.peak ?? Number.NaN;
		const after = await heldMemory(browser, page, garbage);
		return { before, after, peak, textsPerSecond: (texts * 1000) / ms };
	} finally {
		await browser.close();
	}
}

/** What is held once the garbage of the page and of its workers has been collected: the least of some readings. */
async function heldMemory(browser: BenchBrowser, page: Page, garbage: Garbage): Promise<number> {
	const readings: number[] = [];
	for (let i = 0; i < 3; i++) {
		await garbage.collect();
		await page.waitForTimeout(1000);
		readings.push((await browser.memory('renderer'))?.now ?? Number.NaN);
	}
	return Math.min(...readings);
}
