import type { Bench } from '../bench.ts';
import { BenchBrowser } from '../bench-browser.ts';
import { MadeUpFile } from '../made-up-file.ts';
import { spread } from '../statistics.ts';

const bytes = 200_000_000;
const cutsPerFile = 20;
const seeds = [1, 2, 3];
const speeds = [
	{ name: '50 MB/s', bytesPerSecond: 50_000_000 },
	{ name: 'localhost', bytesPerSecond: undefined }
];

export const cuts: Bench = {
	name: 'cuts',
	title: `What is sent again when the connection is cut ${cutsPerFile} times in ${bytes / 1e6} MB`,
	async run(site) {
		const file = new MadeUpFile(bytes);
		const browser = await BenchBrowser.start();
		const rows: (string | number)[][] = [];
		try {
			const page = await browser.open(site.url);
			const served = { url: '/files/cuts', bytes, sha256: file.sha256 };
			await page.evaluate((it) => window.bench.openLibrary(it), served);
			for (const { name, bytesPerSecond } of speeds) {
				const ratios: number[] = [];
				const times: number[] = [];
				for (const seed of seeds) {
					site.files.serve('cuts', {
						file,
						cuts: randomPlaces(seed),
						...(bytesPerSecond === undefined ? {} : { bytesPerSecond })
					});
					times.push(await page.evaluate(() => window.bench.install()));
					ratios.push(site.files.sent('cuts') / bytes);
					await page.evaluate(() => window.bench.remove());
				}
				rows.push([name, spread(ratios, 3), '≤ 1.1', spread(times, 0)]);
			}
		} finally {
			await browser.close();
		}
		return { columns: ['from', 'bytes sent ÷ file', 'bar', 'ms'], rows };
	}
};

/** Where in the bytes sent the connection is cut, in order: the same for the same seed. */
function randomPlaces(seed: number): number[] {
	let state = seed;
	const next = (): number => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 2 ** 32;
	};
	return Array.from({ length: cutsPerFile }, () => Math.floor(next() * bytes)).sort(
		(a, b) => a - b
	);
}
