import type { Bench } from '../bench.ts';
import { smallLlama } from '../bench-models.ts';
import { EngineWorld } from '../engine-world.ts';
import { spread } from '../statistics.ts';

const rounds = 12;
const sides = ['bare', 'ours'] as const;

export const engineLoad: Bench = {
	name: 'engine-load',
	title: 'Loading from the verified store, against the library alone from a plain cache',
	async run(site) {
		const model = smallLlama();
		const world = await EngineWorld.start(site, [model]);
		try {
			const page = await world.open();
			const times = { bare: [] as number[], ours: [] as number[] };
			// The first round warms up.
			for (let round = 0; round <= rounds; round++)
				for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
					const time = await world.start(page, side, model, { side });
					await page.evaluate((name) => window.bench.engines.close(name), side);
					if (round > 0) times[side].push(time);
				}
			const ratios = times.ours.map((time, i) => time / (times.bare[i] ?? Number.NaN));
			const megabytes = [...model.files.values()].reduce((sum, { bytes }) => sum + bytes / 1e6, 0);
			return {
				columns: ['MB', 'bare, ms', 'SAM, ms', 'time, SAM ÷ bare', 'bar'],
				rows: [
					[
						...[megabytes.toFixed(0), spread(times.bare, 0), spread(times.ours, 0)],
						...[spread(ratios, 3), '≤ 1.05']
					]
				]
			};
		} finally {
			await world.browser.close();
		}
	}
};
