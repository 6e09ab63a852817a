import type { Bench } from '../bench.ts';
import { BenchBrowser } from '../bench-browser.ts';
import { MadeUpFile } from '../made-up-file.ts';
import { spread } from '../statistics.ts';

const bytes = 200_000_000;
const repetitions = 5;
const speeds = [
	{ name: 'localhost', bytesPerSecond: undefined, bar: 0.5 },
	{ name: '50 MB/s', bytesPerSecond: 50_000_000, bar: 0.97 }
];

export const download: Bench = {
	name: 'download',
	title: `A download of ${bytes / 1e6} MB with its checks, against a plain fetch → cache.put`,
	async run(site) {
		const file = new MadeUpFile(bytes);
		const rows: (string | number)[][] = [];
		for (const { name, bytesPerSecond, bar } of speeds) {
			const url = site.files.serve('download', {
				file,
				...(bytesPerSecond === undefined ? {} : { bytesPerSecond })
			});
			const browser = await BenchBrowser.start();
			try {
				const page = await browser.open(site.url);
				await page.evaluate((served) => window.bench.openLibrary(served), {
					url,
					bytes,
					sha256: file.sha256
				});
				const plainTimes: number[] = [];
				const ourTimes: number[] = [];
				const ratios: number[] = [];
				// The first round warms up.
				for (let round = 0; round <= repetitions; round++) {
					const plain = await page.evaluate((address) => window.bench.plain(address), url);
					const ours = await page.evaluate(() => window.bench.install());
					await page.evaluate(() => window.bench.remove());
					if (round === 0) continue;
					plainTimes.push(plain);
					ourTimes.push(ours);
					ratios.push(plain / ours);
				}
				rows.push([
					name,
					spread(plainTimes, 0),
					spread(ourTimes, 0),
					spread(ratios, 2),
					`≥ ${bar}`
				]);
			} finally {
				await browser.close();
			}
		}
		return { columns: ['from', 'plain, ms', 'SAM, ms', 'speed, SAM ÷ plain', 'bar'], rows };
	}
};
