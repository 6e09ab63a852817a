import { describe, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import type { GenerateEvent, GenerateRequest } from '../core/generation.ts';
import type { AdapterId } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { AdapterUse } from '../core/setup.ts';
import type { BenchEngine } from '../migration/migration-ports.ts';
import { scriptedModel } from '../testing/scripted-engine.ts';
import { TryBeside, type TryEvent, type TryRequest } from './try-beside.ts';

const bees = 'bees' as AdapterId;
const use: AdapterUse = { adapter: bees, strength: 0.5 };
const usage = { promptTokens: 1, completionTokens: 1, firstTokenMs: 1, totalMs: 1 };
const request: TryRequest = { spec: scriptedModel, prompt: 'What is honey?', adapters: [use] };

/** One model whose answer tells the strengths that it was opened with. */
class Bench {
	readonly log: string[] = [];
	readonly requests: GenerateRequest[] = [];
	place: 'beside' | 'in-turn' = 'beside';
	/** What opening fails with, the next first. */
	readonly failures: (Error | undefined)[] = [];
	opened = 0;
	onText: () => void = () => undefined;

	room(): Promise<'beside' | 'in-turn'> {
		return Promise.resolve(this.place);
	}

	rest(): Promise<void> {
		this.log.push('rest');
		return Promise.resolve();
	}

	open(
		_spec: ModelSpec,
		_signal: AbortSignal,
		adapters: readonly AdapterUse[] = []
	): Promise<BenchEngine> {
		const what = adapters.map(({ strength }) => strength).join() || 'nothing';
		this.log.push(`open with ${what}`);
		const failure = this.failures.shift();
		if (failure) return Promise.reject(failure);
		this.opened++;
		return Promise.resolve({
			dims: null,
			device: 'cpu',
			adapters: adapters.map(({ adapter }) => ({ adapter, matched: 3, of: 4 })),
			embed: () => Promise.reject(new Error('It embeds nothing.')),
			generate: (asked, signal) => this.#answer(asked, what, signal),
			close: () => {
				this.opened--;
				this.log.push('close');
				return Promise.resolve();
			}
		});
	}

	async *#answer(
		asked: GenerateRequest,
		what: string,
		signal: AbortSignal
	): AsyncGenerator<GenerateEvent> {
		await Promise.resolve();
		this.requests.push(asked);
		yield { type: 'reasoning-delta', text: 'Hm.' };
		for (const text of ['With ', what]) {
			if (signal.aborted) break;
			yield { type: 'text-delta', text };
			this.onText();
		}
		yield { type: 'end', reason: signal.aborted ? 'cancelled' : 'stop', usage };
	}
}

class World {
	readonly bench = new Bench();
	readonly stop = new AbortController();
	upgrading = false;
	waits = 0;

	async compare(asked = request): Promise<TryEvent[]> {
		const events: TryEvent[] = [];
		const beside = new TryBeside({
			bench: this.bench,
			busy: () => this.upgrading,
			whenIdle: () => {
				this.waits++;
				return Promise.resolve();
			}
		});
		for await (const event of beside.compare(asked, this.stop.signal)) events.push(event);
		return events;
	}
}

function textOf(events: readonly TryEvent[], side: string): string {
	return events
		.map((event) => (event.type === 'text' && event.side === side ? event.text : ''))
		.join('');
}

describe('TryBeside', () => {
	test('the base model answers first, then the one with adapters', async () => {
		const events = await new World().compare();
		expect(textOf(events, 'base')).toBe('With nothing');
		expect(textOf(events, 'adapted')).toBe('With 0.5');
		expect(events.map(({ type, side }) => `${side} ${type}`)).toEqual([
			...['base loading', 'base writing', 'base text', 'base text', 'base end'],
			...['adapted loading', 'adapted writing', 'adapted text', 'adapted text', 'adapted end']
		]);
	});

	test('tells how much of each adapter was used, and of none for the base model', async () => {
		const ends = (await new World().compare()).filter((event) => event.type === 'end');
		expect(ends).toEqual([
			{ type: 'end', side: 'base', matches: [] },
			{ type: 'end', side: 'adapted', matches: [{ adapter: bees, matched: 3, of: 4 }] }
		]);
	});

	test('both are asked the same, the prompt alone, without chance', async () => {
		const { bench } = await after(new World());
		const [base, adapted] = bench.requests;
		expect(base).toEqual(adapted);
		expect(base).toMatchObject({
			messages: [{ role: 'user', content: 'What is honey?' }],
			passages: [],
			temperature: 0
		});
		expect(base).not.toHaveProperty('reasoningTokens');
	});

	test('a model that reasons gets tokens for that, and they are no part of the answer', async () => {
		const world = new World();
		const reasoning = { open: '<think>', close: '</think>', opened: false };
		const events = await world.compare({ ...request, spec: { ...scriptedModel, reasoning } });
		const [asked] = world.bench.requests;
		expect(asked!.maxTokens).toBeGreaterThan(asked!.reasoningTokens!);
		expect(textOf(events, 'base')).not.toContain('Hm.');
	});

	test('the model is in memory once, and nothing stays open', async () => {
		const { bench } = await after(new World());
		expect(bench.log).toEqual(['open with nothing', 'close', 'open with 0.5', 'close']);
	});

	test('where there is no room beside the engines in use, these rest when nobody is answered', async () => {
		const world = new World();
		world.bench.place = 'in-turn';
		await after(world);
		expect(world.bench.log.slice(0, 2)).toEqual(['rest', 'open with nothing']);
		expect(world.waits).toBe(2);
	});

	test('memory that runs out is had from the engines in use, once', async () => {
		const world = new World();
		world.bench.failures.push(new AppError('engine/out-of-memory'));
		await after(world);
		expect(world.bench.log.slice(0, 3)).toEqual(['open with nothing', 'rest', 'open with nothing']);
		world.bench.failures.push(new AppError('engine/out-of-memory'));
		world.bench.failures.push(new AppError('engine/out-of-memory'));
		await expect(world.compare()).rejects.toMatchObject({ code: 'engine/out-of-memory' });
	});

	test('what was stopped is no answer, and the engine is closed', async () => {
		const world = new World();
		world.bench.onText = () => world.stop.abort();
		await expect(world.compare()).rejects.toMatchObject({ code: 'cancelled' });
		expect(world.bench.opened).toBe(0);
		expect(world.bench.log).not.toContain('open with 0.5');
	});

	test('an adapter that cannot be loaded fails after the base model has answered', async () => {
		const world = new World();
		const refused = new AppError('adapter/no-match');
		world.bench.failures.push(undefined, refused);
		await expect(world.compare()).rejects.toBe(refused);
		expect(world.bench.requests).toHaveLength(1);
	});

	test('waits for no upgrade, but says that one is working', async () => {
		const world = new World();
		world.upgrading = true;
		await expect(world.compare()).rejects.toMatchObject({ code: 'migration/running' });
		expect(world.bench.log).toEqual([]);
	});
});

async function after(world: World): Promise<World> {
	await world.compare();
	return world;
}
