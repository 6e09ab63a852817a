import type { Page } from 'playwright';
import type { Bench } from '../bench.ts';
import { modelOfEnvironment, smallLlama, tinyLlama, type BenchModel } from '../bench-models.ts';
import { EngineWorld } from '../engine-world.ts';
import { question } from '../engine-words.ts';
import type { ChatRun } from '../pages/engine-side.ts';
import { median, spread } from '../statistics.ts';

interface Run {
	readonly model: BenchModel;
	readonly device: 'wasm' | 'webgpu';
	readonly name: string;
	readonly rounds: number;
	readonly tokens: number;
}

const sides = ['bare', 'ours'] as const;

export const engine: Bench = {
	name: 'engine',
	title:
		'Tokens of the chat engine as the page gets them, against the bare library in a bare worker',
	async run(site) {
		const small = smallLlama();
		const tiny = tinyLlama();
		const own = modelOfEnvironment();
		const runs: Run[] = [
			{ model: small, device: 'wasm', name: 'WebAssembly', rounds: 24, tokens: 96 },
			{ model: tiny, device: 'wasm', name: 'WebAssembly', rounds: 40, tokens: 256 },
			{ model: tiny, device: 'webgpu', name: 'WebGPU, in software', rounds: 4, tokens: 64 }
		];
		if (own) runs.push({ model: own, device: 'wasm', name: 'WebAssembly', rounds: 5, tokens: 64 });
		const world = await EngineWorld.start(site, [small, tiny, ...(own ? [own] : [])]);
		try {
			const rows: (string | number)[][] = [];
			for (const run of runs) rows.push(await measure(world, run));
			return {
				columns: [
					...['model', 'on', 'bare, tokens/s', 'SAM, tokens/s', 'speed, SAM ÷ bare', 'bar'],
					...['bare, processor ms/token', 'SAM, processor ms/token'],
					...['bare, first text, ms', 'SAM, ms more', 'bar']
				],
				rows
			};
		} finally {
			await world.browser.close();
		}
	}
};

async function measure(world: EngineWorld, run: Run): Promise<(string | number)[]> {
	const { model, device, rounds } = run;
	const page = await world.open();
	for (const side of sides) await world.start(page, side, model, { side, device });
	const speeds = { bare: [] as number[], ours: [] as number[] };
	const firsts = { bare: [] as number[], ours: [] as number[] };
	const processor = { bare: [] as number[], ours: [] as number[] };
	// The first round warms up.
	for (let round = 0; round <= rounds; round++) {
		const order = round % 2 === 0 ? sides : sides.toReversed();
		const answers: string[] = [];
		for (const side of order) {
			const before = (await world.browser.processorTime()) ?? Number.NaN;
			const answer = await chat(page, side, round, run.tokens);
			const after = (await world.browser.processorTime()) ?? Number.NaN;
			answers.push(answer.text);
			if (round === 0) continue;
			speeds[side].push((answer.tokens / answer.totalMs) * 1000);
			firsts[side].push(answer.firstMs);
			processor[side].push((after - before) / answer.tokens);
		}
		if (answers[0] !== answers[1]) throw new Error('The two sides answer differently.');
	}
	await page.close();
	const ratios = speeds.ours.map((speed, i) => speed / (speeds.bare[i] ?? Number.NaN));
	const later = firsts.ours.map((first, i) => first - (firsts.bare[i] ?? Number.NaN));
	const firstBar = Math.max(20, median(firsts.bare) * 0.02);
	return [
		...[model.title, run.name, spread(speeds.bare, 1), spread(speeds.ours, 1)],
		...[spread(ratios, 3), '≥ 0.98'],
		...[spread(processor.bare, 2), spread(processor.ours, 2)],
		...[spread(firsts.bare, 0), spread(later, 1)],
		`≤ ${firstBar.toFixed(0)}`
	];
}

function chat(page: Page, side: string, round: number, tokens: number): Promise<ChatRun> {
	return page.evaluate(
		([name, messages, count]) => window.bench.engines.chat(name, messages, count),
		[side, question(round), tokens] as const
	);
}
