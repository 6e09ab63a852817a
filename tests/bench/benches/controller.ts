import type { Bench } from '../bench.ts';
import { BenchBrowser } from '../bench-browser.ts';
import { spread } from '../statistics.ts';

const rounds = 20;

/** What is measured, how many digits it is told with, and the bar. */
const measured = [
	['config update', 'updateConfig', 1, '< 110'],
	['backup: setup and 50 settings', 'backUp', 1, '< 500'],
	['controller call: the state of the upgrade', 'readView', 4, '< 1'],
	['Core Engines, 60 models', 'listEngines', 4, '< 1'],
	['wizard start, 60 models', 'openWizard', 4, '< 1'],
	['indicator', 'indicate', 4, '< 1'],
	['status refresh from a journal of 2,000 entries', 'refresh', 1, '< 1000']
] as const;

export const controller: Bench = {
	name: 'controller',
	title: 'What the app does again and again, with 200 chats, 50 settings and a real database',
	async run(site) {
		const browser = await BenchBrowser.start();
		try {
			const page = await browser.open(site.url);
			await page.evaluate(() => window.bench.controller.prepare());
			const rows: string[][] = [];
			for (const [what, name, digits, bar] of measured) {
				const times: number[] = [];
				// The first round warms up.
				for (let round = 0; round <= rounds; round++) {
					const ms = await page.evaluate((it) => window.bench.controller[it](), name);
					if (round > 0) times.push(ms);
				}
				rows.push([what, spread(times, digits), bar]);
			}
			const calls: number[] = [];
			const writes: number[] = [];
			for (let round = 0; round <= rounds; round++) {
				const { call, durable } = await page.evaluate(() => window.bench.controller.switch());
				if (round === 0) continue;
				calls.push(call);
				writes.push(durable);
			}
			rows.push(['switch: the call itself', spread(calls, 2), '< 1']);
			rows.push(['switch: until the pointer is on disk', spread(writes, 1), '']);
			return { columns: ['what', 'ms', 'bar'], rows };
		} finally {
			await browser.close();
		}
	}
};
