import type { Bench } from '../bench.ts';
import { BenchBrowser } from '../bench-browser.ts';
import { percentile } from '../statistics.ts';

const switches = 100;
const percents = [50, 95];

const ways = [
	['the pointer alone', false],
	['with an entry in the journal', true]
] as const;

export const pointerSwitch: Bench = {
	name: 'pointer-switch',
	title: 'A switch from setup to setup, until another tab shows it',
	async run(site) {
		const browser = await BenchBrowser.start();
		try {
			const [leader, follower] = [await browser.open(site.url), await browser.open(site.url)];
			await leader.evaluate(() => window.bench.switches.prepare());
			const rows: string[][] = [];
			for (const [name, journaled] of ways) {
				// A few come first, so that nothing is opened or compiled while it is measured.
				const [all, warm] = [switches + 10, 10];
				const watching = follower.evaluate((count) => window.bench.switches.watch(count), all);
				// Its request reaches the page before that of the next line.
				await follower.evaluate(() => undefined);
				const times = await leader.evaluate(
					([count, noted]) => window.bench.switches.run(count, noted),
					[all, journaled] as const
				);
				const shown = await watching;
				const measured = times.map(({ begun, written }, at) => ({
					write: written - begun,
					seen: (shown[at] ?? Number.NaN) - begun
				}));
				const writes = measured.slice(warm).map(({ write }) => write);
				const seen = measured.slice(warm).map((each) => each.seen);
				const figures = [writes, seen].flatMap((values) =>
					percents.map((percent) => percentile(values, percent).toFixed(1))
				);
				rows.push([name, ...figures, '≤ 50']);
			}
			return {
				columns: [
					...['switch', 'write: median, ms', '95 %, ms'],
					...['seen elsewhere: median, ms', '95 %, ms', 'bar']
				],
				rows
			};
		} finally {
			await browser.close();
		}
	}
};
