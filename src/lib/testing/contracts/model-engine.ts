import { describe, expect, onTestFinished, test } from 'vitest';
import type { ErrorCode } from '../../core/error-code.ts';
import { type AppError, toAppError } from '../../core/errors.ts';
import type { EmbedPurpose, GenerateEvent, GenerateRequest } from '../../core/generation.ts';
import type { ModelId } from '../../core/ids.ts';
import type { ModelSpec, Task } from '../../core/model-spec.ts';
import type { LoadRequest, ModelEngine, Progress } from '../../engines/engine-contract.ts';
import type { EngineStatus } from '../../engines/engine-status.ts';
import { noFiles } from '../../engines/no-files.ts';

type Engine = ModelEngine & { readonly status: EngineStatus };

export interface EngineUnderTest {
	/** Fresh and unloaded. */
	readonly engine: Engine;
	readonly request: LoadRequest;
	/** A request that cannot succeed; by default a model of an unknown id without files. */
	readonly broken?: LoadRequest;
}

const texts = [
	'The warranty covers two years.',
	'Roses',
	'The database writes every change to a journal before it touches the tables, so that a crash loses nothing.'
];

const question: GenerateRequest = {
	question: 'How long is the warranty, and what does it cover?',
	messages: [{ role: 'user', content: 'How long is the warranty, and what does it cover?' }],
	passages: [
		{
			n: 1,
			title: 'Warranty',
			text: 'The warranty covers defects for two years. It does not cover the batteries, which last one year. The warranty covers repairs.'
		}
	],
	maxTokens: 24,
	temperature: 0,
	seed: 1
};

/** Long enough that it is embedded in several slices, on any engine. */
const pages = Array.from({ length: 64 }, (_, at) =>
	`Page ${at} tells how the river rose. `.repeat(3 + (at % 4))
);

/** What a load may fail with. */
const loadFailures: readonly ErrorCode[] = [
	'engine/load-failed',
	'engine/out-of-memory',
	'engine/device-lost',
	'engine/stalled',
	'engine/no-webgpu',
	'engine/gpu-too-small',
	'engine/shader-failed',
	'engine/bad-model',
	'engine/library-mismatch',
	'library/not-installed',
	'storage/missing',
	'remote/not-found',
	'remote/unreachable',
	'remote/refused'
];

/** Everything that the app relies on in an engine. An engine for one task proves that it refuses the other. */
export function describeModelEngine(name: string, make: () => Promise<EngineUnderTest>): void {
	async function unloaded(): Promise<EngineUnderTest> {
		const made = await make();
		onTestFinished(() => made.engine.unload());
		return made;
	}

	async function loaded(): Promise<{ readonly engine: Engine; readonly spec: ModelSpec }> {
		const { engine, request } = await unloaded();
		await engine.load(request, { signal: never() });
		return { engine, spec: request.spec };
	}

	/** A test of one task: where the model lacks the task, the engine must say so instead. */
	function testTask(
		task: Task,
		title: string,
		body: (engine: Engine, spec: ModelSpec) => Promise<void>
	): void {
		test(title, async () => {
			const { engine, spec } = await loaded();
			if (engine.capabilities.tasks.includes(task)) await body(engine, spec);
			else expect(await errorOf(perform(engine, task))).toBe('engine/unsupported');
		});
	}

	describe(`${name} keeps the contract of a model engine:`, () => {
		test('before it is loaded it refuses to work', async () => {
			const { engine } = await unloaded();
			expect(engine.status).toBe('unloaded');
			expect(() => engine.capabilities).toThrow(error('engine/not-loaded'));
			expect(await errorOf(perform(engine, 'embed'))).toBe('engine/not-loaded');
			expect(await errorOf(perform(engine, 'generate'))).toBe('engine/not-loaded');
		});

		test('loading reports progress that never goes back, and ends ready', async () => {
			const { engine, request } = await unloaded();
			const seen: Progress[] = [];
			await engine.load(request, { signal: never(), onProgress: (step) => seen.push(step) });
			expect(engine.status).toBe('ready');
			expect(seen.length).toBeGreaterThan(0);
			const fractions = seen.map(({ done, total }) => done / total);
			expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
			expect(Math.max(...fractions)).toBeLessThanOrEqual(1);
		});

		test('loaded, it tells what the model can do', async () => {
			const { engine, request } = await unloaded();
			await engine.load(request, { signal: never() });
			expect(engine.capabilities.tasks).toEqual(request.spec.tasks);
			expect(engine.capabilities.contextTokens).toBeGreaterThan(0);
			expect(engine.capabilities.embeddingDims).toBe(request.spec.embedding?.dims ?? null);
		});

		test('a second load is refused while the first holds', async () => {
			const { engine, request } = await unloaded();
			await engine.load(request, { signal: never() });
			expect(await errorOf(engine.load(request, { signal: never() }))).toBe('engine/busy');
			expect(engine.status).toBe('ready');
		});

		test('a load that is aborted before it starts leaves nothing loaded', async () => {
			const { engine, request } = await unloaded();
			expect(await errorOf(engine.load(request, { signal: AbortSignal.abort() }))).toBe(
				'cancelled'
			);
			expect(engine.status).toBe('unloaded');
		});

		test('a load that is aborted halfway leaves nothing loaded, and the next one works', async () => {
			const { engine, request } = await unloaded();
			const abort = new AbortController();
			const loading = engine.load(request, {
				signal: abort.signal,
				onProgress: () => abort.abort()
			});
			expect(await errorOf(loading)).toBe('cancelled');
			expect(engine.status).toBe('unloaded');
			expect(() => engine.capabilities).toThrow(error('engine/not-loaded'));
			await engine.load(request, { signal: never() });
			expect(engine.status).toBe('ready');
		});

		test('a load that fails says so with a code of its own, and unloading clears it', async () => {
			const { engine, request, broken } = await unloaded();
			const hopeless = broken ?? {
				...request,
				spec: { ...request.spec, id: 'no-such-model' as ModelId },
				files: noFiles
			};
			expect(loadFailures).toContain(await errorOf(engine.load(hopeless, { signal: never() })));
			expect(['failed', 'lost']).toContain(engine.status);
			expect(() => engine.capabilities).toThrow(error('engine/not-loaded'));
			await engine.unload();
			expect(engine.status).toBe('unloaded');
		});

		test('it can be unloaded twice, and loaded again', async () => {
			const { engine, request } = await unloaded();
			await engine.load(request, { signal: never() });
			await engine.unload();
			await engine.unload();
			expect(engine.status).toBe('unloaded');
			await engine.load(request, { signal: never() });
			expect(engine.status).toBe('ready');
		});

		testTask('embed', 'it embeds each text as finite numbers, in order', async (engine) => {
			const vectors = await embed(engine, texts);
			expect(vectors).toHaveLength(texts.length);
			for (const vector of vectors) {
				expect(vector).toHaveLength(engine.capabilities.embeddingDims ?? 0);
				expect(vector.every((value) => Number.isFinite(value))).toBe(true);
			}
			const [first] = await embed(engine, texts.slice(0, 1));
			const nearest = vectors.map((vector) => distance(vector, first));
			expect(nearest.indexOf(Math.min(...nearest))).toBe(0);
		});

		testTask('embed', 'the same text always gets the same vector', async (engine) => {
			const [once] = await embed(engine, [texts[2]!]);
			const [again] = await embed(engine, [texts[2]!]);
			expect(distance(once!, again)).toBeLessThan(1e-6);
		});

		testTask('embed', 'a text gets the same vector alone and in a batch', async (engine) => {
			const together = await embed(engine, texts);
			for (const [at, text] of texts.entries()) {
				const [alone] = await embed(engine, [text]);
				expect(distance(together[at]!, alone)).toBeLessThan(1e-5);
			}
		});

		testTask('embed', 'no texts give no vectors', async (engine) => {
			expect(await embed(engine, [])).toEqual([]);
		});

		testTask('embed', 'even an empty text gets a vector', async (engine) => {
			const [vector] = await embed(engine, ['']);
			expect(vector).toHaveLength(engine.capabilities.embeddingDims ?? 0);
		});

		testTask('embed', 'queries are embedded in the same space', async (engine) => {
			const [vector] = await embed(engine, ['warranty'], 'query');
			expect(vector).toHaveLength(engine.capabilities.embeddingDims ?? 0);
		});

		testTask('embed', 'embedding that is aborted rejects, and the next works', async (engine) => {
			const context = { signal: AbortSignal.abort(), purpose: 'passage' } as const;
			expect(await errorOf(engine.embed(texts, context))).toBe('cancelled');
			expect(await embed(engine, texts)).toHaveLength(texts.length);
		});

		testTask(
			'embed',
			'progress of embedding counts the texts, up to all of them',
			async (engine) => {
				const seen: Progress[] = [];
				const onProgress = (step: Progress) => void seen.push(step);
				await engine.embed(pages, { signal: never(), purpose: 'passage', onProgress });
				const done = seen.map((step) => step.done);
				expect(done).toEqual(done.toSorted((a, b) => a - b));
				expect(seen.at(-1)).toEqual({ done: pages.length, total: pages.length });
			}
		);

		testTask('embed', 'a question is answered in the middle of a long batch', async (engine) => {
			const ends: string[] = [];
			let asked: Promise<unknown> | null = null;
			const ask = () => {
				asked ??= embed(engine, ['river'], 'query').then(() => ends.push('question'));
			};
			const context = { signal: never(), purpose: 'passage', onProgress: ask } as const;
			const vectors = await engine.embed(pages, context);
			ends.push('batch');
			await (asked as Promise<unknown> | null);
			expect(ends).toEqual(['question', 'batch']);
			expect(vectors).toHaveLength(pages.length);
		});

		testTask(
			'embed',
			'it tells which texts it reads only the beginning of',
			async (engine, spec) => {
				const limit = spec.embedding?.maxTokens ?? null;
				const long = 'The river rose. '.repeat(limit ?? 2000);
				const told: number[] = [];
				const vectors = await engine.embed([long, 'Roses', long, 'Rain'], {
					signal: never(),
					purpose: 'passage',
					onTruncated: (places) => told.push(...places)
				});
				expect(told).toEqual(limit === null ? [] : [0, 2]);
				expect(vectors).toHaveLength(4);
			}
		);

		testTask('generate', 'it streams text and then exactly one end', async (engine) => {
			const events = await collect(engine);
			expect(events.at(-1)?.type).toBe('end');
			expect(events.filter(({ type }) => type === 'end')).toHaveLength(1);
			expect(textOf(events).trim()).not.toBe('');
			expect(engine.status).toBe('ready');
		});

		testTask('generate', 'the end tells how it ended and what it took', async (engine) => {
			const end = (await collect(engine)).at(-1);
			if (end?.type !== 'end') throw new Error('no end');
			expect(['stop', 'length']).toContain(end.reason);
			expect(end.usage.completionTokens).toBeGreaterThan(0);
			expect(end.usage.firstTokenMs).toBeGreaterThanOrEqual(0);
			expect(end.usage.totalMs).toBeGreaterThanOrEqual(end.usage.firstTokenMs);
		});

		testTask('generate', 'it stops at the number of tokens asked for', async (engine) => {
			const events = await collect(engine, { ...question, maxTokens: 2 });
			const end = events.at(-1);
			expect(end).toMatchObject({ type: 'end', reason: 'length' });
			expect(end?.type === 'end' && end.usage.completionTokens).toBeLessThanOrEqual(2);
		});

		testTask(
			'generate',
			'it ends before a stop string, and says that it stopped',
			async (engine) => {
				const whole = textOf(await collect(engine));
				const letters = Array.from(whole);
				const middle = Math.floor(letters.length / 2);
				const stop = letters.slice(middle, middle + 2).join('');
				const events = await collect(engine, { ...question, stop: ['never \u0000 said', stop] });
				expect(textOf(events)).toBe(whole.slice(0, whole.indexOf(stop)));
				expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'stop' });
				expect(engine.status).toBe('ready');
				expect(textOf(await collect(engine))).toBe(whole);
			}
		);

		testTask('generate', 'a stop string that never comes changes nothing', async (engine) => {
			const whole = textOf(await collect(engine));
			const events = await collect(engine, { ...question, stop: ['never \u0000 said'] });
			expect(textOf(events)).toBe(whole);
		});

		testTask('generate', 'at temperature 0 it says the same again', async (engine) => {
			const [first, second] = [await collect(engine), await collect(engine)].map(textOf);
			expect(first).not.toBe('');
			expect(second).toBe(first);
		});

		testTask('generate', 'what marks its reasoning is never part of it', async (engine, spec) => {
			const { open = '<think>', close = '</think>' } = spec.reasoning ?? {};
			const said = (await collect(engine)).map((event) => (event.type === 'end' ? '' : event.text));
			expect(said.join('')).not.toBe('');
			expect(said.join('')).not.toContain(open);
			expect(said.join('')).not.toContain(close);
		});

		testTask('generate', 'it knew no more of the prompt than there is of it', async (engine) => {
			const ends = [await collect(engine), await collect(engine)].map((events) => events.at(-1));
			for (const end of ends) {
				if (end?.type !== 'end') throw new Error('no end');
				const { promptTokens, cachedTokens = 0 } = end.usage;
				expect(cachedTokens).toBeGreaterThanOrEqual(0);
				expect(cachedTokens).toBeLessThanOrEqual(promptTokens);
			}
		});

		testTask('generate', 'stopped halfway it keeps its text and ends', async (engine) => {
			const abort = new AbortController();
			const events: GenerateEvent[] = [];
			for await (const event of engine.generate(question, { signal: abort.signal })) {
				events.push(event);
				abort.abort();
			}
			expect(events).toHaveLength(2);
			expect(events[0]?.type).toMatch(/-delta$/);
			expect(events[1]).toMatchObject({ type: 'end', reason: 'cancelled' });
			expect(textOf(await collect(engine))).not.toBe('');
		});

		testTask('generate', 'stopped before it starts it only ends', async (engine) => {
			const events = await collect(engine, question, AbortSignal.abort());
			expect(events).toMatchObject([{ type: 'end', reason: 'cancelled' }]);
		});

		testTask('generate', 'a reader that walks away does not block the next', async (engine) => {
			for await (const event of engine.generate(question, { signal: never() })) {
				expect(event.type).toMatch(/-delta$/);
				break;
			}
			expect(textOf(await collect(engine))).not.toBe('');
		});

		testTask('generate', 'two answers at once come one after the other', async (engine) => {
			const both = await Promise.all([collect(engine), collect(engine)]);
			const [first, second] = both.map(textOf);
			expect(first).not.toBe('');
			expect(second).not.toBe('');
		});

		test('unloading ends whatever is under way', async () => {
			const { engine } = await loaded();
			const tasks = engine.capabilities.tasks;
			const running = tasks.map((task) => errorOf(perform(engine, task)));
			await engine.unload();
			for (const end of await Promise.all(running)) expect([null, 'cancelled']).toContain(end);
			expect(engine.status).toBe('unloaded');
		});
	});
}

function never(): AbortSignal {
	return new AbortController().signal;
}

function error(code: AppError['code']): Error {
	return expect.objectContaining({ code }) as Error;
}

async function perform(engine: Engine, task: Task): Promise<unknown> {
	return task === 'embed' ? embed(engine, texts) : collect(engine);
}

function embed(
	engine: Engine,
	texts: readonly string[],
	purpose: EmbedPurpose = 'passage'
): Promise<Float32Array[]> {
	return engine.embed(texts, { signal: never(), purpose });
}

async function collect(
	engine: Engine,
	request: GenerateRequest = question,
	signal: AbortSignal = never()
): Promise<GenerateEvent[]> {
	return Array.fromAsync(engine.generate(request, { signal }));
}

function textOf(events: readonly GenerateEvent[]): string {
	return events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
}

/** The code that it rejects with, or null when it resolves. */
async function errorOf(work: Promise<unknown>): Promise<AppError['code'] | null> {
	return work.then(
		() => null,
		(thrown: unknown) => toAppError(thrown).code
	);
}

/** Greatest difference of any two numbers at the same place. */
function distance(a: Float32Array, b: Float32Array | undefined): number {
	return a.reduce((most, value, at) => Math.max(most, Math.abs(value - (b?.[at] ?? Infinity))), 0);
}
