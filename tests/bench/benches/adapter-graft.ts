import type { Page } from 'playwright';
import type { Bench } from '../bench.ts';
import { wideLlama, wideShape, type BenchModel } from '../bench-models.ts';
import { EngineWorld } from '../engine-world.ts';
import { attention, rank } from './adapter-speed.ts';
import { spread } from '../statistics.ts';

const rounds = 5;
const ways = ['plain', 'planned', 'grafted'] as const;

export const adapterGraft: Bench = {
	name: 'adapter-graft',
	title: 'Reading a model with an adapter worked in, against reading it as it is',
	async run(site) {
		const models = [2, 8].map((layers) => ({ layers, model: wideLlama(layers) }));
		const world = await EngineWorld.start(
			site,
			models.map(({ model }) => model)
		);
		try {
			const rows: string[][] = [];
			for (const { layers, model } of models) {
				const page = await world.open();
				rows.push(await measure(world, page, model, layers));
				await page.close();
			}
			return {
				columns: [
					...['MB', 'read, ms', 'graft planned, ms', 'planned and read, ms'],
					...['more, s per 100 MB', 'bar', 'read, peak MB', 'grafted, peak MB']
				],
				rows
			};
		} finally {
			await world.browser.close();
		}
	}
};

async function measure(
	world: EngineWorld,
	page: Page,
	model: BenchModel,
	layers: number
): Promise<string[]> {
	const shape = { ...wideShape, layers };
	const adapter = await page.evaluate((options) => window.bench.adapters.add(options), {
		...{ shape, rank, targets: attention }
	});
	const spec = world.spec(model);
	const times = { plain: [] as number[], planned: [] as number[], grafted: [] as number[] };
	const peaks = { plain: [] as number[], planned: [] as number[], grafted: [] as number[] };
	// The first round warms up.
	for (let round = 0; round <= rounds; round++)
		for (const way of round % 2 === 0 ? ways : ways.toReversed()) {
			await page.requestGC();
			const before = await world.browser.resetPeak();
			const time = await page.evaluate((work) => window.bench.adapters.read(work), {
				...{ spec, adapter, way }
			});
			const peak = (await world.browser.memory('renderer'))?.peak ?? Number.NaN;
			if (round === 0) continue;
			times[way].push(time);
			peaks[way].push((peak - before) / 1e6);
		}
	const megabytes = (model.files.get('onnx/model.onnx')?.bytes ?? 0) / 1e6;
	const more = times.grafted.map(
		(ms, i) => (ms - (times.plain[i] ?? Number.NaN)) / 1000 / (megabytes / 100)
	);
	return [
		megabytes.toFixed(0),
		...ways.map((way) => spread(times[way], 0)),
		...[spread(more, 2), '≤ 1'],
		...[spread(peaks.plain, 0), spread(peaks.grafted, 0)]
	];
}
