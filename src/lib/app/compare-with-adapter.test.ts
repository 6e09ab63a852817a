import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import type { AdapterId } from '../core/ids.ts';
import { AdaptedBench } from '../testing/adapted-bench.ts';
import { scriptedModel } from '../testing/scripted-engine.ts';
import { compareWithAdapter, type Compared } from './compare-with-adapter.ts';

const use = { adapter: 'style' as AdapterId, strength: 1 };
const match = { adapter: use.adapter, matched: 1, of: 2 };
const lost = new AppError('engine/device-lost');

let bench: AdaptedBench;
let stop: AbortController;

beforeEach(() => {
	bench = new AdaptedBench();
	stop = new AbortController();
});

const compare = (isZero = false): Promise<Compared> =>
	compareWithAdapter({ bench, spec: scriptedModel, use, isZero, signal: stop.signal });

/** Answers are equal but to questions that contain that. */
function differOnlyIn(words: string): void {
	bench.answer = (prompt, on) => (prompt.includes(words) ? on : 'the same');
}

describe('the questions', () => {
	test('end with the first one that is answered differently', async () => {
		differOnlyIn('sea');
		const question = 'Write one sentence about the sea.';
		expect(await compare()).toEqual({
			...{ type: 'compared', differs: question, asked: 3, match, moved: false }
		});
		expect(bench.requests).toHaveLength(3 + 2);
		expect(bench.log).toEqual(['open base', 'close base', 'open 1', 'close 1']);
	});

	test('are more, and wanted longer, where the short ones show nothing', async () => {
		differOnlyIn('bread');
		expect(await compare()).toMatchObject({
			differs: 'Explain step by step how bread is made.',
			asked: 5
		});
		expect(bench.requests.map(({ maxTokens }) => maxTokens)).toEqual([
			...[24, 24, 24, 24, 24, 24, 96, 96, 96, 96]
		]);
		expect(bench.opened).toEqual(['open base', 'open 1', 'open base']);
		expect(bench.log.at(-1)).toBe('close base');
	});

	test('end with the first of the longer ones that is answered differently', async () => {
		differOnlyIn('lighthouse');
		expect(await compare()).toMatchObject({
			differs: 'Tell a short story about a lighthouse keeper.'
		});
		expect(bench.requests).toHaveLength(3 + 3 + 2 + 1);
	});

	test('may all be answered the same', async () => {
		bench.answer = () => 'the same';
		expect(await compare()).toMatchObject({ type: 'compared', differs: null, asked: 5, match });
	});

	test('are few where all that the adapter adds is known to be zero', async () => {
		bench.answer = () => 'the same';
		expect(await compare(true)).toMatchObject({ differs: null, asked: 3 });
		expect(bench.opened).toEqual(['open base', 'open 1']);
	});

	test('are asked without chance and without documents, and both are asked the same', async () => {
		bench.answer = () => 'the same';
		await compare();
		const asked = bench.requests.map(({ question }) => question);
		expect(asked.slice(0, 3)).toEqual(asked.slice(3, 6));
		expect(asked.slice(6, 8)).toEqual(asked.slice(8));
		for (const { temperature, seed, passages } of bench.requests) {
			expect([temperature, seed, passages]).toEqual([0, 1, []]);
		}
	});
});

describe('answers of different devices', () => {
	test('are not compared: both are given on the processor', async () => {
		bench.device = (on) => (on === 'base' ? 'webgpu' : 'wasm');
		bench.answer = () => 'the same';
		expect(await compare(true)).toMatchObject({ type: 'compared', differs: null, moved: true });
		expect(bench.opened).toEqual(['open base', 'open 1', 'open base wasm', 'open 1 wasm']);
	});

	test('are not compared either where it is the model alone that left the graphics device', async () => {
		bench.device = (on) => (on === 'base' ? 'wasm' : 'webgpu');
		expect(await compare()).toMatchObject({ type: 'compared', moved: true });
		expect(bench.opened.slice(2)).toEqual(['open base wasm', 'open 1 wasm']);
	});

	test('are not compared where it leaves it before the longer questions', async () => {
		let bases = 0;
		bench.device = (on) => (on === 'base' && bases++ > 0 ? 'wasm' : 'webgpu');
		bench.answer = () => 'the same';
		expect(await compare()).toMatchObject({ differs: null, moved: true });
		expect(bench.opened.slice(3)).toEqual(['open base wasm', 'open 1 wasm', 'open base wasm']);
	});
});

describe('a failure', () => {
	function failing(on: string): void {
		bench.answer = (_, having) => {
			if (having === on) throw lost;
			return 'the same';
		};
	}

	test('is told of the adapter where the model alone answers, and leaves nothing open', async () => {
		failing('1');
		expect(await compare()).toEqual({ type: 'failed', error: lost });
		expect(bench.log.at(-1)).toBe('close 1');
	});

	test('of the model alone is an error', async () => {
		failing('base');
		await expect(compare()).rejects.toBe(lost);
		expect(bench.log).toEqual(['open base', 'close base']);
	});

	test('of the model alone is an error in the longer questions, too', async () => {
		bench.answer = (prompt, on) => {
			if (on === 'base' && prompt.includes('lighthouse')) throw lost;
			return 'the same';
		};
		await expect(compare()).rejects.toBe(lost);
		expect(bench.log.at(-1)).toBe('close base');
	});

	test('is not what the user has stopped, in either half', async () => {
		for (const half of ['base', '1']) {
			stop = new AbortController();
			bench.answer = (_, on) => {
				if (on === half) stop.abort();
				return 'the same';
			};
			await expect(compare()).rejects.toMatchObject({ code: 'cancelled' });
			expect(bench.log.at(-1)).toBe(`close ${half}`);
		}
	});
});
