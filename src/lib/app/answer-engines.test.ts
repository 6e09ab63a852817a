import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import type { GenerateRequest } from '../core/generation.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import { nextTask } from '../core/next-task.ts';
import { AnsweringWorld, onnxModel } from '../testing/answering-world.ts';
import { choiceOf } from './model-directory.ts';

const [gemma, qwen, old] = [onnxModel('Gemma'), onnxModel('Qwen'), onnxModel('Old')];
const server: ModelSpec = { ...onnxModel('Server'), engine: 'remote', dtype: null };
const starters = ['Starter 1', 'Starter 2'].map((name): ModelSpec => ({
	...onnxModel(name),
	engine: 'starter',
	dtype: null
}));
const signal = new AbortController().signal;
const lost = new AppError('engine/device-lost');
const full = new AppError('engine/out-of-memory');
const unreadable = new AppError('engine/bad-model', {
	details: { name: 'Gemma', reason: 'no graph' }
});
const request: GenerateRequest = {
	...{ question: 'What?', messages: [{ role: 'user', content: 'What?' }], passages: [] },
	...{ maxTokens: 8, temperature: 0, seed: 1 }
};

let world: AnsweringWorld;

beforeEach(async () => {
	world = new AnsweringWorld([gemma, qwen, old, server], starters);
	await world.setup.initialise(world.setupOf(gemma));
});

/** Loads fail with these, one after the other; then they go well. */
function failing(...errors: readonly AppError[]): void {
	const left = [...errors];
	world.onLoad = () => {
		const error = left.shift();
		if (error) throw error;
	};
}

/** Loads of these fail for ever. */
function broken(errors: Readonly<Record<string, AppError>>): void {
	world.onLoad = (load) => {
		const error = errors[load] ?? errors[load.split(' ')[0] ?? ''];
		if (error) throw error;
	};
}

const open = (wanted: ModelSpec | null = null) =>
	world.answers.open(wanted && choiceOf(wanted), signal);

describe('an engine on trial whose files are gone', () => {
	beforeEach(async () => {
		await world.tryOut(world.setupOf(gemma), world.setupOf(qwen, gemma));
		world.missing.add('qwen');
	});

	test('leaves the answers to the one before, and after the third start the setup, too', async () => {
		for (let start = 0; start < 3; start++) {
			expect((await open()).engine.name).toBe('Gemma');
		}
		expect(world.reports).toEqual([1, 2, 3]);
		expect((await world.setup.read())?.trial).toBeNull();
		expect((await open()).mishaps).toEqual([]);
	});

	test('counts as a failed start only where it is the setup’s', async () => {
		expect((await open(old)).engine.name).toBe('Old');
		world.missing.add('old');
		world.missing.delete('qwen');
		expect((await open(old)).engine.name).toBe('Qwen');
		expect(world.reports).toEqual([]);
	});
});

describe('an engine that works', () => {
	test('answers, with what is to be known of it and no mishap', async () => {
		const answering = await open();
		expect(answering).toMatchObject({
			...{ engine: choiceOf(gemma), extractive: false, device: 'webgpu' },
			...{ contextTokens: 512, mishaps: [] }
		});
		const events = await Array.fromAsync(answering.generate(request, signal));
		expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'stop' });
	});

	test('is loaded once for many questions', async () => {
		await open();
		await open();
		expect(world.loads).toEqual(['gemma auto']);
	});

	test('is that of the chat where the chat has one, one at a time', async () => {
		await open();
		expect((await open(qwen)).engine).toEqual(choiceOf(qwen));
		await open();
		expect(world.loads).toEqual(['gemma auto', 'qwen auto', 'gemma auto']);
	});
});

describe('an engine that does not load', () => {
	test('is started again in a fresh worker', async () => {
		failing(lost);
		const { engine, mishaps } = await open();
		expect(engine).toEqual(choiceOf(gemma));
		expect(world.loads).toEqual(['gemma auto', 'gemma auto']);
		expect(mishaps).toEqual(['The graphics device was lost, so Gemma was started again.']);
	});

	test('goes on on the processor, and begins there the next time', async () => {
		failing(full);
		const { device, mishaps } = await open();
		expect(device).toBe('wasm');
		expect(mishaps).toEqual([
			'Gemma ran out of memory on the GPU, so it went on on the processor.'
		]);
		await world.pool.closeAll();
		expect((await open()).mishaps).toEqual([]);
		expect(world.loads).toEqual(['gemma auto', 'gemma wasm', 'gemma wasm']);
	});

	test('is tried three times at most, each in another way', async () => {
		broken({ gemma: lost });
		const { engine, mishaps } = await open();
		expect(engine).toEqual(choiceOf(starters[1] ?? gemma));
		expect(world.loads).toEqual(['gemma auto', 'gemma auto', 'gemma wasm', 'starter 2 auto']);
		expect(mishaps).toEqual([
			'The graphics device was lost, so Gemma was started again.',
			'The graphics device was lost, so Gemma was tried on the processor.',
			'The graphics device was lost, so Starter 2 answered.'
		]);
	});

	test('is left alone for a minute after that, and then tried again', async () => {
		broken({ gemma: unreadable });
		await open();
		const told = (await open()).mishaps;
		expect(world.loads).toEqual(['gemma auto', 'starter 2 auto']);
		expect(told).toEqual(['Gemma could not be loaded (no graph), so Starter 2 answered.']);
		await world.clock.advance(60_000);
		world.onLoad = () => undefined;
		expect((await open()).engine).toEqual(choiceOf(gemma));
	});

	test('is not sought elsewhere when that is no engine’s fault', async () => {
		broken({ gemma: new AppError('engine/unsupported') });
		await expect(open()).rejects.toMatchObject({ code: 'engine/unsupported' });
		expect(world.loads).toEqual(['gemma auto']);
	});

	test('is what is told when no other one loads either', async () => {
		broken({ gemma: unreadable, starter: lost });
		await expect(open()).rejects.toBe(unreadable);
		expect(world.loads.slice(0, 3)).toEqual(['gemma auto', 'starter 2 auto', 'starter 2 auto']);
		expect(world.loads.at(-1)).toBe('starter 1 auto');
	});
});

describe('an engine that a chat wants', () => {
	test('gives way to that of the setup when it is not on this device', async () => {
		world.missing.add('qwen');
		const { engine, mishaps } = await open(qwen);
		expect(engine).toEqual(choiceOf(gemma));
		expect(mishaps).toEqual(['Qwen is not on this device, so Gemma answered.']);
	});

	test('gives way to that of the setup when it fails, and then to Starter', async () => {
		broken({ qwen: unreadable, gemma: unreadable });
		const { engine, mishaps } = await open(qwen);
		expect(engine.name).toBe('Starter 2');
		expect(mishaps).toEqual([
			'Qwen could not be loaded (no graph), so Gemma was tried.',
			'Gemma could not be loaded (no graph), so Starter 2 answered.'
		]);
	});

	test('may be on a server; one that fails here never leads there', async () => {
		await world.setup.replace(1, world.setupOf(server));
		expect((await open()).engine.name).toBe('Server');
		broken({ qwen: unreadable });
		expect((await open(qwen)).engine.name).toBe('Starter 2');
	});

	test('on a server that does not answer is asked twice, and then one of this device', async () => {
		broken({ server: new AppError('remote/unreachable', { details: { server: 'home' } }) });
		const { engine, mishaps } = await open(server);
		expect(engine).toEqual(choiceOf(gemma));
		expect(world.loads).toEqual(['server auto', 'server auto', 'gemma auto']);
		expect(mishaps.at(-1)).toBe('The server home does not answer, so Gemma answered.');
	});
});

describe('the engine before', () => {
	test('answers in place of one on trial', async () => {
		await world.tryOut(world.setupOf(gemma), world.setupOf(qwen));
		broken({ qwen: unreadable });
		expect((await open()).engine).toEqual(choiceOf(gemma));
	});

	test('is passed over when it is not on this device any more', async () => {
		await world.tryOut(world.setupOf(gemma), world.setupOf(qwen));
		world.missing.add('gemma');
		broken({ qwen: unreadable });
		const { engine, mishaps } = await open();
		expect(engine.name).toBe('Starter 2');
		expect(mishaps).toHaveLength(1);
	});
});

describe('an engine on trial that does not load', () => {
	test('is tried for each question, and the third time the old one is back', async () => {
		await world.tryOut(world.setupOf(gemma), world.setupOf(qwen));
		broken({ qwen: lost });
		for (const at of [1, 2, 3]) {
			const { engine, mishaps } = await open();
			expect(engine).toEqual(choiceOf(gemma));
			expect(mishaps.at(-1)).toBe('The graphics device was lost, so Gemma answered.');
			expect(world.reports).toHaveLength(at);
		}
		// However often it was tried for one question: that is one start.
		expect(world.reports).toEqual([1, 2, 3]);
		expect((await world.setup.read())?.trial).toBeNull();
		expect((await open()).mishaps).toEqual([]);
	});

	test('does not count what stands in for it, nor what one chat tries', async () => {
		await world.tryOut(world.setupOf(gemma), world.setupOf(qwen));
		broken({ old: unreadable });
		await open(old);
		expect(world.reports).toEqual([]);
		expect((await world.setup.read())?.trial?.unprovenStarts).toBe(0);
		expect(world.loads).toEqual(['old auto', 'qwen auto']);
	});
});

describe('an answer that breaks off', () => {
	test('is begun again with the same engine in a fresh worker, then elsewhere, and never again', async () => {
		let answering = await open();
		const engines = [];
		for (const error of [lost, lost, lost, lost]) {
			answering = await answering.insteadOf(error, signal);
			engines.push(`${answering.engine.name} ${answering.device}`);
		}
		expect(engines).toEqual(['Gemma webgpu', 'Gemma wasm', 'Starter 2 cpu', 'Starter 2 cpu']);
		expect(answering.mishaps).toEqual([
			'The graphics device was lost, so Gemma was started again.',
			'The graphics device was lost, so Gemma went on on the processor.',
			'The graphics device was lost, so Starter 2 answered.',
			'The graphics device was lost, so Starter 2 was started again.'
		]);
		answering = await answering.insteadOf(lost, signal);
		expect(answering.engine.name).toBe('Starter 1');
		answering = await answering.insteadOf(lost, signal);
		await expect(answering.insteadOf(lost, signal)).rejects.toBe(lost);
	});

	test('gets a fresh worker even where the old one seems well', async () => {
		const answering = await open();
		await answering.insteadOf(new AppError('engine/stalled'), signal);
		expect(world.loads).toEqual(['gemma auto', 'gemma auto']);
	});

	test.each(['engine/context-overflow', 'engine/unsupported', 'cancelled'] as const)(
		'stays broken off after %s, and the engine stays',
		async (code) => {
			const answering = await open();
			const error = new AppError(code);
			await expect(answering.insteadOf(error, signal)).rejects.toBe(error);
			await open();
			expect(world.loads).toEqual(['gemma auto']);
		}
	);

	test('is not begun again for somebody who has stopped it', async () => {
		const answering = await open();
		const stopped = answering.insteadOf(lost, AbortSignal.abort());
		await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
		expect(world.loads).toEqual(['gemma auto']);
	});
});

describe('Stop', () => {
	test('ends the wait for an engine at once, and tries no other', async () => {
		const held = Promise.withResolvers<undefined>();
		world.onLoad = () => held.promise;
		const control = new AbortController();
		const opening = world.answers.open(null, control.signal);
		await expect.poll(() => world.loads).toHaveLength(1);
		control.abort();
		await expect(opening).rejects.toMatchObject({ code: 'cancelled' });
		expect(world.pool.status('chat')).toBe('unloaded');
		held.resolve(undefined);
		await nextTask();
		expect(world.loads).toEqual(['gemma auto']);
	});
});

test('whoever waits for an engine that a switch replaces gets the new one', async () => {
	const held = Promise.withResolvers<undefined>();
	world.onLoad = (load) => (load.startsWith('gemma') ? held.promise : undefined);
	const waiting = open();
	await expect.poll(() => world.loads).toHaveLength(1);
	await world.tryOut(world.setupOf(gemma), world.setupOf(qwen));
	const next = await open();
	held.resolve(undefined);
	expect((await waiting).engine).toEqual(next.engine);
	expect((await waiting).mishaps).toEqual([]);
});

test('an old wish whose preparations took long does not push out what a switch has brought', async () => {
	const held = Promise.withResolvers<undefined>();
	world.onSpec = (model) => (model === 'gemma' ? held.promise : undefined);
	const waiting = open();
	await nextTask();
	await world.tryOut(world.setupOf(gemma), world.setupOf(qwen));
	const next = await open();
	held.resolve(undefined);
	expect((await waiting).engine).toEqual(next.engine);
	expect(world.loads).toEqual(['qwen auto']);
});

test('fails before the first setup has been written', async () => {
	const empty = new AnsweringWorld([gemma], starters);
	const opening = empty.answers.open(null, signal);
	await expect(opening).rejects.toMatchObject({ code: 'storage/missing' });
});

test('tells who listens which engine answers, and which one should have', async () => {
	const heard: unknown[] = [];
	const stop = world.answers.onOpened((choice, meant) => heard.push([choice.name, meant.name]));
	broken({ qwen: unreadable });
	await open();
	await open(qwen);
	stop();
	await open();
	expect(heard).toEqual([
		['Gemma', 'Gemma'],
		['Gemma', 'Qwen']
	]);
});
