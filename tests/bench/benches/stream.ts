import type { Bench } from '../bench.ts';
import { BenchBrowser } from '../bench-browser.ts';
import type { StreamWay } from '../pages/stream-tokens.ts';
import { spread } from '../statistics.ts';

const tokens = 5000;
const rounds = 10;

const ways: readonly (readonly [string, StreamWay])[] = [
	['all at once, one message each', { over: 'messages', pace: 'burst' }],
	['all at once, SAM', { over: 'wire', pace: 'burst' }],
	['each in a task, one message each', { over: 'messages', pace: 'tasks' }],
	['each in a task, SAM', { over: 'wire', pace: 'tasks' }]
];

export const stream: Bench = {
	name: 'stream',
	title: `${tokens} tokens that cost nothing, from a worker to the page`,
	async run(site) {
		const browser = await BenchBrowser.start();
		try {
			const page = await browser.open(site.url);
			const measured = ways.map(() => ({
				times: [] as number[],
				processor: [] as number[],
				longTasks: [] as number[]
			}));
			// The first round warms up.
			for (let round = 0; round <= rounds; round++)
				for (const [i, [, way]] of ways.entries()) {
					const before = (await browser.processorTime()) ?? Number.NaN;
					const { ms, longTasks } = await page.evaluate(
						([it, count]) => window.bench.engines.stream(it, count),
						[way, tokens] as const
					);
					const after = (await browser.processorTime()) ?? Number.NaN;
					if (round === 0) continue;
					measured[i]?.times.push((ms / tokens) * 1000);
					measured[i]?.processor.push(((after - before) / tokens) * 1000);
					measured[i]?.longTasks.push(longTasks.length);
				}
			return {
				columns: ['tokens', 'µs/token', 'processor µs/token', 'tasks over 50 ms'],
				rows: ways.map(([name], i) => {
					const { times, processor, longTasks } = measured[i] ?? {
						...{ times: [], processor: [], longTasks: [] }
					};
					return [name, spread(times, 1), spread(processor, 1), spread(longTasks, 0)];
				})
			};
		} finally {
			await browser.close();
		}
	}
};
