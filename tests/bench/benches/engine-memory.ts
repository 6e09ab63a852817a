import type { Page } from 'playwright';
import type { Bench } from '../bench.ts';
import { brokenLlama, largerLlama, smallLlama } from '../bench-models.ts';
import { EngineWorld } from '../engine-world.ts';
import { question } from '../engine-words.ts';
import { median, spread } from '../statistics.ts';

const switches = 10;
const failures = 20;
const samples = 3;

export const engineMemory: Bench = {
	name: 'engine-memory',
	title: 'Memory after many engines, against a page that has started one engine only',
	async run(site) {
		const columns = ['page', 'memory, MB', '÷ one engine', 'bar'];
		if (process.platform !== 'linux') return { columns, rows: [['only Linux tells', '', '', '']] };
		const [used, larger, broken] = [smallLlama(), largerLlama(), brokenLlama()];
		const world = await EngineWorld.start(site, [used, larger, broken]);
		const runEngine = async (page: Page, model = used): Promise<void> => {
			await world.start(page, 'engine', model);
			const asked = question(1);
			await page.evaluate((it) => window.bench.engines.chat('engine', it, 16), asked);
		};
		const close = (page: Page): Promise<void> =>
			page.evaluate(() => window.bench.engines.close('engine'));

		const ways: readonly (readonly [string, (page: Page) => Promise<void>])[] = [
			['one engine', () => Promise.resolve()],
			[
				`after ${switches} switches from another`,
				async (page) => {
					for (let i = 0; i < switches; i++) {
						if (i > 0) {
							await runEngine(page);
							await close(page);
						}
						await runEngine(page, larger);
						await close(page);
					}
				}
			],
			[
				`after ${failures} loads that failed`,
				async (page) => {
					const spec = world.spec(broken);
					for (let i = 0; i < failures; i++) {
						const code = await page.evaluate((it) => window.bench.engines.fail(it), spec);
						if (!code.startsWith('engine/')) throw new Error(`The load failed with ${code}.`);
					}
				}
			]
		];
		try {
			const measured = ways.map(() => [] as number[]);
			for (let sample = 0; sample < samples; sample++)
				for (const [i, [, prepare]] of ways.entries()) {
					const page = await world.open();
					await prepare(page);
					await runEngine(page);
					measured[i]?.push(await settledMemory(world, page));
					await page.close();
				}
			const one = median(measured[0] ?? []);
			return {
				columns,
				rows: ways.map(([name], i) => {
					const bytes = measured[i] ?? [];
					const megabytes = bytes.map((each) => each / 1e6);
					const ratio = (median(bytes) / one).toFixed(3);
					return [name, spread(megabytes, 0), ratio, i === 0 ? '' : '≤ 1.05'];
				})
			};
		} finally {
			await world.browser.close();
		}
	}
};

/** The least of some readings, after the garbage has been collected: what a page holds, not what it has just dropped. */
async function settledMemory(world: EngineWorld, page: Page): Promise<number> {
	const readings: number[] = [];
	for (let i = 0; i < 5; i++) {
		await page.requestGC();
		await page.waitForTimeout(800);
		readings.push((await world.browser.memory('renderer'))?.now ?? Number.NaN);
	}
	return Math.min(...readings);
}
