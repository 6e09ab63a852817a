import type { Bench } from '../bench.ts';
import { smallBert, tinyBert } from '../bench-models.ts';
import { EngineWorld } from '../engine-world.ts';
import { mixedTexts } from '../engine-words.ts';
import { percentile, spread } from '../statistics.ts';

const questions = 60;

export const embedWait: Bench = {
	name: 'embed-wait',
	title: 'How long a question waits for its vector while passages are embedded',
	async run(site) {
		const models = [tinyBert(), smallBert()];
		const world = await EngineWorld.start(site, models);
		try {
			const rows: string[][] = [];
			for (const model of models) {
				const page = await world.open();
				await world.start(page, 'ours', model);
				const asked = Array.from({ length: questions }, (_, at) => `question ${at} of the river`);
				const { busy, idle } = await page.evaluate(
					([passages, all]) => window.bench.engines.queryWaits('ours', passages, all),
					[mixedTexts(256), asked] as const
				);
				await page.close();
				const share = [50, 95].map((percent) => percentile(busy, percent).toFixed(0));
				const longest = Math.max(...busy).toFixed(0);
				rows.push([model.title, spread(idle, 0), ...share, longest, '≤ 250']);
			}
			return {
				columns: ['model', 'idle, ms', 'busy: median, ms', '95 %, ms', 'longest, ms', 'bar'],
				rows
			};
		} finally {
			await world.browser.close();
		}
	}
};
