import type { Page } from 'playwright';
import type { AdapterUse } from '../../../src/lib/core/setup.ts';
import type { Bench } from '../bench.ts';
import { adapterTargets } from '../../fixtures/tiny-adapters/tiny-adapter.ts';
import { wideShape, type BenchModel } from '../bench-models.ts';
import { EngineWorld } from '../engine-world.ts';
import { mlcLlama } from '../mlc-llama.ts';
import { spread } from '../statistics.ts';
import { attention, rank } from './adapter-speed.ts';

const rounds = 5;
const ways = ['plain', 'grafted'] as const;
const shape = { ...wideShape, layers: 8 };
/** What an adapter changes, in words. */
const adapters = { attention, 'all layers': adapterTargets };

export const adapterMerge: Bench = {
	name: 'adapter-merge',
	title: 'Reading a model for WebLLM with an adapter merged into it, against reading it as it is',
	async run(site) {
		const models = (['q0f16', 'q0f32'] as const).map((dtype) => mlcLlama(shape, dtype));
		const world = await EngineWorld.start(site, models);
		try {
			const rows: string[][] = [];
			for (const [what, targets] of Object.entries(adapters)) {
				const page = await world.open();
				const options = { shape, rank, targets };
				const adapter = await page.evaluate((it) => window.bench.adapters.add(it), options);
				for (const model of models)
					rows.push([model.dtype, what, ...(await measure(world, page, model, adapter))]);
				await page.close();
			}
			return {
				columns: [
					...['format', 'changed', 'MB', 'read, ms', 'merged and read, ms'],
					...['more, s per 100 MB', 'bar', 'more, processor s per 100 MB'],
					...['read, peak MB', 'merged, peak MB']
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
	adapter: AdapterUse
): Promise<string[]> {
	const spec = world.spec(model);
	const times = { plain: [] as number[], grafted: [] as number[] };
	const processor = { plain: [] as number[], grafted: [] as number[] };
	const peaks = { plain: [] as number[], grafted: [] as number[] };
	// The first round warms up.
	for (let round = 0; round <= rounds; round++)
		for (const way of round % 2 === 0 ? ways : ways.toReversed()) {
			await page.requestGC();
			const before = await world.browser.resetPeak();
			const busyBefore = (await world.browser.processorTimeOfAll()) ?? Number.NaN;
			const time = await page.evaluate((work) => window.bench.adapters.read(work), {
				...{ spec, adapter, way }
			});
			const busyAfter = (await world.browser.processorTimeOfAll()) ?? Number.NaN;
			const peak = (await world.browser.memory('renderer'))?.peak ?? Number.NaN;
			if (round === 0) continue;
			times[way].push(time);
			processor[way].push(busyAfter - busyBefore);
			peaks[way].push((peak - before) / 1e6);
		}
	const megabytes = [...model.files.values()].reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
	const more = (of: typeof times): string =>
		spread(
			of.grafted.map((ms, i) => (ms - (of.plain[i] ?? Number.NaN)) / 10 / megabytes),
			2
		);
	return [
		megabytes.toFixed(0),
		...ways.map((way) => spread(times[way], 0)),
		...[more(times), '≤ 1', more(processor)],
		...ways.map((way) => spread(peaks[way], 0))
	];
}
