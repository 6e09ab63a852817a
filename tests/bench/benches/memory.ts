import type { Bench } from '../bench.ts';
import { BenchBrowser } from '../bench-browser.ts';
import { MadeUpFile } from '../made-up-file.ts';

const downloads = [
	{ from: 'localhost', bytes: 200_000_000, limit: {} },
	{ from: 'localhost', bytes: 2_500_000_000, limit: {} },
	// So slow that the download opens all the connections it may.
	{ from: '20 MB/s each', bytes: 2_500_000_000, limit: { bytesPerSecondEach: 20_000_000 } }
];
const megabyte = 1e6;

export const memory: Bench = {
	name: 'memory',
	title: 'The most memory that a download takes, over that of the same page before it',
	async run(site) {
		const columns = ['from', 'file, MB', 'page, MB', 'highest, MB', 'over the page, MB', 'bar'];
		if (process.platform !== 'linux')
			return { columns, rows: [['only Linux tells', '', '', '', '', '']] };
		const rows: (string | number)[][] = [];
		for (const { from, bytes, limit } of downloads) {
			const file = new MadeUpFile(bytes);
			const url = site.files.serve('memory', { file, ...limit });
			// A fresh browser: what another download has left would count as idle.
			const browser = await BenchBrowser.start();
			try {
				const page = await browser.open(site.url);
				const idle = await browser.memory('renderer');
				const served = { url, bytes, sha256: file.sha256 };
				await page.evaluate((it) => window.bench.openLibrary(it), served);
				await page.evaluate(() => window.bench.install());
				const after = await browser.memory('renderer');
				if (!idle || !after) throw new Error('The browser does not tell its processes.');
				const inMegabytes = [bytes, idle.now, after.peak, after.peak - idle.now];
				rows.push([from, ...inMegabytes.map((value) => (value / megabyte).toFixed(0)), '≤ 128']);
			} finally {
				await browser.close();
			}
		}
		return { columns, rows };
	}
};
