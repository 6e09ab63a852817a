import type { AdapterTarget } from '../../fixtures/tiny-adapters/tiny-adapter.ts';
import type { Bench } from '../bench.ts';
import { wideLlama, wideShape } from '../bench-models.ts';
import { EngineWorld } from '../engine-world.ts';
import { question } from '../engine-words.ts';
import { spread } from '../statistics.ts';

const rounds = 10;
const tokens = 48;
export const rank = 16;
export const attention: readonly AdapterTarget[] = ['q_proj', 'k_proj', 'v_proj', 'o_proj'];
const sides = ['base', 'adapted'] as const;

export const adapterSpeed: Bench = {
	name: 'adapter-speed',
	title: `Tokens with an adapter of rank ${rank} on all projections of attention, against without`,
	async run(site) {
		const model = wideLlama();
		const world = await EngineWorld.start(site, [model]);
		try {
			const page = await world.open();
			const options = { shape: wideShape, rank, targets: attention };
			const use = await page.evaluate((it) => window.bench.adapters.add(it), options);
			await world.start(page, 'base', model);
			await world.start(page, 'adapted', model, { adapters: [use] });
			const speeds = { base: [] as number[], adapted: [] as number[] };
			const firsts = { base: [] as number[], adapted: [] as number[] };
			const processor = { base: [] as number[], adapted: [] as number[] };
			// The first round warms up.
			for (let round = 0; round <= rounds; round++) {
				const texts: string[] = [];
				for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
					const before = (await world.browser.processorTime()) ?? Number.NaN;
					const run = await page.evaluate(
						([name, asked, count]) => window.bench.engines.chat(name, asked, count),
						[side, question(round), tokens] as const
					);
					const after = (await world.browser.processorTime()) ?? Number.NaN;
					texts.push(run.text);
					if (round === 0) continue;
					speeds[side].push((run.tokens / run.totalMs) * 1000);
					firsts[side].push(run.firstMs);
					processor[side].push((after - before) / run.tokens);
				}
				if (texts[0] === texts[1]) throw new Error('The adapter changes nothing.');
			}
			const ratios = speeds.adapted.map((speed, i) => speed / (speeds.base[i] ?? Number.NaN));
			return {
				columns: [
					...['model', 'base, tokens/s', 'adapted, tokens/s', 'speed, adapted ÷ base', 'bar'],
					...['base, processor ms/token', 'adapted, processor ms/token'],
					...['base, first text, ms', 'adapted, first text, ms']
				],
				rows: [
					[
						...[model.title, spread(speeds.base, 1), spread(speeds.adapted, 1)],
						...[spread(ratios, 3), '≥ 0.85'],
						...[spread(processor.base, 1), spread(processor.adapted, 1)],
						...[spread(firsts.base, 0), spread(firsts.adapted, 0)]
					]
				]
			};
		} finally {
			await world.browser.close();
		}
	}
};
