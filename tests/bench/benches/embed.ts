import type { Page } from 'playwright';
import type { Bench } from '../bench.ts';
import { smallBert, tinyBert, type BenchModel } from '../bench-models.ts';
import { EngineWorld } from '../engine-world.ts';
import { mixedTexts } from '../engine-words.ts';
import { spread } from '../statistics.ts';

interface Run {
	readonly model: BenchModel;
	readonly texts: number;
	readonly rounds: number;
}

/** As many as the app gives to the engine at once. */
const groupSize = 32;
const sides = ['bare', 'ours', 'crew'] as const;

export const embed: Bench = {
	name: 'embed',
	title: 'Embedding passages of mixed length, against a loop over the library, text by text',
	async run(site) {
		const [tiny, small] = [tinyBert(), smallBert()];
		const runs: readonly Run[] = [
			{ model: tiny, texts: 256, rounds: 12 },
			{ model: small, texts: 96, rounds: 6 }
		];
		const world = await EngineWorld.start(site, [tiny, small]);
		try {
			const rows: (string | number)[][] = [];
			for (const run of runs) rows.push(await measure(world, run));
			return {
				columns: [
					...['model', 'loop, texts/s', 'one engine, texts/s', 'all engines, texts/s'],
					...['speed, one ÷ loop', 'speed, all ÷ loop', 'bar'],
					...['loop, processor ms/text', 'one', 'all']
				],
				rows
			};
		} finally {
			await world.browser.close();
		}
	}
};

async function measure(world: EngineWorld, run: Run): Promise<(string | number)[]> {
	const { model, rounds } = run;
	const page = await world.open();
	for (const side of sides) await world.start(page, side, model, { side });
	// As the app does it: read ahead, those of like length together.
	const texts = mixedTexts(run.texts).sort((a, b) => a.length - b.length);
	await mustAgree(page, texts.slice(0, groupSize));
	const speeds = { bare: [] as number[], ours: [] as number[], crew: [] as number[] };
	const processor = { bare: [] as number[], ours: [] as number[], crew: [] as number[] };
	// The first round warms up.
	for (let round = 0; round <= rounds; round++)
		for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
			const before = (await world.browser.processorTime()) ?? Number.NaN;
			const time = await page.evaluate(
				([name, all, size]) => window.bench.engines.embed(name, all, size),
				[side, texts, groupSize] as const
			);
			const after = (await world.browser.processorTime()) ?? Number.NaN;
			if (round === 0) continue;
			speeds[side].push((texts.length / time) * 1000);
			processor[side].push((after - before) / texts.length);
		}
	await page.close();
	const over = (all: readonly number[]): number[] =>
		all.map((speed, i) => speed / (speeds.bare[i] ?? Number.NaN));
	return [
		...[model.title, ...sides.map((side) => spread(speeds[side], 1))],
		...[spread(over(speeds.ours), 2), spread(over(speeds.crew), 2), '≥ 2'],
		...sides.map((side) => spread(processor[side], 2))
	];
}

async function mustAgree(page: Page, texts: readonly string[]): Promise<void> {
	const likeness = await page.evaluate(
		(all) => window.bench.engines.likeness('bare', 'ours', all),
		texts
	);
	if (!(likeness > 0.9999)) throw new Error(`The vectors differ: ${likeness}`);
}
