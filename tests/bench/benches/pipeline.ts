import type { PipelineSettings } from '../pages/pipeline.ts';
import type { Bench } from '../bench.ts';
import { BenchBrowser } from '../bench-browser.ts';
import { MadeUpFile } from '../made-up-file.ts';
import { median, spread } from '../statistics.ts';

const bytes = 200_000_000;
const repetitions = 4;
const mebibyte = 2 ** 20;

type Way = Omit<PipelineSettings, 'url' | 'bytes' | 'sha256'>;

const full: Way = {
	partBytes: 8 * mebibyte,
	overlap: 1,
	fileHash: 'worker-copy',
	partHash: true,
	store: true
};

const ways: readonly (readonly [string, Way])[] = [
	['8 MiB, 1 part under way, hash in a worker', full],
	['4 MiB', { ...full, partBytes: 4 * mebibyte }],
	['16 MiB', { ...full, partBytes: 16 * mebibyte }],
	['waits for each part', { ...full, overlap: 0 }],
	['2 parts under way', { ...full, overlap: 2 }],
	['3 parts under way', { ...full, overlap: 3 }],
	['hash where the bytes are read', { ...full, fileHash: 'here' }],
	['hash in a worker, parts transferred', { ...full, fileHash: 'worker-transfer' }],
	['no hash of the file', { ...full, fileHash: 'none' }],
	['no hash of parts', { ...full, partHash: false }],
	['no hash at all', { ...full, fileHash: 'none', partHash: false }],
	['nothing stored', { ...full, store: false }],
	['only read', { ...full, store: false, fileHash: 'none', partHash: false }]
];

export const pipeline: Bench = {
	name: 'pipeline',
	title: 'Ways to put a download together, each against a plain fetch → cache.put',
	async run(site) {
		const file = new MadeUpFile(bytes);
		const url = site.files.serve('pipeline', { file });
		const { sha256 } = file;
		const browser = await BenchBrowser.start();
		try {
			const page = await browser.open(site.url);
			const plainTimes: number[] = [];
			const measured = ways.map(() => ({
				times: [] as number[],
				speeds: [] as number[],
				memory: [] as number[]
			}));
			// The first round warms up.
			for (let round = 0; round <= repetitions; round++)
				for (const [i, [, way]] of ways.entries()) {
					const plain = await page.evaluate((it) => window.bench.plain(it), url);
					const before = await browser.resetPeak();
					const settings = { url, bytes, sha256, ...way };
					const time = await page.evaluate((it) => window.bench.pipeline(it), settings);
					const after = await browser.memory('renderer');
					if (round === 0) continue;
					plainTimes.push(plain);
					measured[i]?.times.push(time);
					measured[i]?.speeds.push(plain / time);
					measured[i]?.memory.push(after ? (after.peak - before) / 1e6 : Number.NaN);
				}
			return {
				columns: ['way', 'ms', 'speed ÷ plain', 'memory, MB'],
				rows: [
					['plain', spread(plainTimes, 0), '1', ''],
					...ways.map(([name], i) => {
						const { times, speeds, memory } = measured[i] ?? { times: [], speeds: [], memory: [] };
						return [name, spread(times, 0), spread(speeds, 2), median(memory).toFixed(0)];
					})
				]
			};
		} finally {
			await browser.close();
		}
	}
};
