import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import { nextTask } from '../core/next-task.ts';
import { AnsweringWorld, onnxModel } from '../testing/answering-world.ts';
import type { Script } from '../testing/scripted-engine.ts';

const [first, second] = [onnxModel('First'), onnxModel('Second')];
const signal = new AbortController().signal;
const corrupt = new AppError('storage/corrupt');
const lost = new AppError('engine/device-lost');
let world: AnsweringWorld;

beforeEach(async () => {
	world = new AnsweringWorld([first, second], []);
	await world.setup.initialise(world.setupOf(first));
});

function broken(model: string, error: AppError): void {
	world.onLoad = (load) => {
		if (load.startsWith(model)) throw error;
	};
}

const tryOut = () => world.tryOut(world.setupOf(first), world.setupOf(first, second));
const get = () => world.embedding.get(signal);

test('gives the engine that the setup names, with the setup that it belongs to', async () => {
	const { engine, setup } = await get();
	expect(engine.status).toBe('ready');
	expect(setup).toEqual(world.setupOf(first));
});

test('gives the new engine after a switch', async () => {
	const { engine: before } = await get();
	await tryOut();
	const { engine, setup } = await get();
	expect(engine).not.toBe(before);
	expect(setup.embedding.name).toBe('Second');
});

test('fails before the first setup has been written', async () => {
	const empty = new AnsweringWorld([first], []);
	await expect(empty.embedding.get(signal)).rejects.toMatchObject({ code: 'storage/missing' });
});

describe('an engine on trial that does not load', () => {
	test('fails twice, and the third time the old one is back', async () => {
		await tryOut();
		broken('second', corrupt);
		await expect(get()).rejects.toBe(corrupt);
		await expect(get()).rejects.toBe(corrupt);
		const { setup } = await get();
		expect(world.reports).toEqual([1, 2, 3]);
		expect(setup).toEqual(world.setupOf(first));
		expect((await world.setup.read())?.trial).toBeNull();
	});

	test('because its files are gone, is given up the third time as well', async () => {
		await tryOut();
		world.missing.add('second');
		await expect(get()).rejects.toMatchObject({ code: 'library/not-installed' });
		await expect(get()).rejects.toMatchObject({ code: 'library/not-installed' });
		const { setup } = await get();
		expect(world.reports).toEqual([1, 2, 3]);
		expect(setup).toEqual(world.setupOf(first));
	});

	test('because its device is lost each time, is given up the third time', async () => {
		await tryOut();
		broken('second', lost);
		for (let i = 0; i < 2; i++) await expect(get()).rejects.toBe(lost);
		const { setup } = await get();
		expect(world.reports).toEqual([1, 2, 3]);
		expect(setup).toEqual(world.setupOf(first));
	});

	test('is followed by the old one only once: what fails then is told', async () => {
		await tryOut();
		world.onLoad = () => {
			throw corrupt;
		};
		for (let i = 0; i < 2; i++) await get().catch(() => undefined);
		await expect(get()).rejects.toBe(corrupt);
		expect(world.loads.at(-1)).toBe('first auto');
		expect(world.reports).toEqual([1, 2, 3]);
	});
});

test('an engine that is not on trial is not reported, and rests for a minute', async () => {
	broken('first', corrupt);
	await expect(get()).rejects.toBe(corrupt);
	await expect(get()).rejects.toBe(corrupt);
	expect([world.loads, world.reports]).toEqual([['first auto'], []]);
	await world.clock.advance(60_000);
	world.onLoad = () => undefined;
	expect((await get()).engine.status).toBe('ready');
});

test('whoever waits for an engine that a switch replaces gets the new one', async () => {
	const held = Promise.withResolvers<undefined>();
	world.onLoad = (load) => (load.startsWith('first') ? held.promise : undefined);
	const waiting = get();
	await expect.poll(() => world.loads).toHaveLength(1);
	await tryOut();
	const { engine: next } = await get();
	held.resolve(undefined);
	const { engine, setup } = await waiting;
	expect(engine).toBe(next);
	expect(setup.embedding.name).toBe('Second');
});

test('an old wish whose preparations took long does not push out what a switch has brought', async () => {
	const held = Promise.withResolvers<undefined>();
	world.onSpec = (model) => (model === 'first' ? held.promise : undefined);
	const waiting = get();
	await nextTask();
	await tryOut();
	const { engine: next } = await get();
	held.resolve(undefined);
	expect((await waiting).engine).toBe(next);
	expect(world.loads).toEqual(['second auto']);
});

describe('a question whose engine fails', () => {
	const failTimes = (times: number): Script => ({
		vectors: () => {
			if (times-- > 0) throw lost;
			return [new Float32Array(8).fill(0.5)];
		}
	});

	test('is embedded by a fresh one, then on the processor', async () => {
		world.scripts.set('first', failTimes(2));
		const { vector, index } = await world.embedding.embedQuery('bees', signal);
		expect([vector.length, index]).toEqual([8, 'index-first']);
		expect(world.loads).toEqual(['first auto', 'first auto', 'first wasm']);
	});

	test('is told why when nothing helped', async () => {
		world.scripts.set('first', failTimes(9));
		await expect(world.embedding.embedQuery('bees', signal)).rejects.toBe(lost);
		expect(world.loads).toEqual(['first auto', 'first auto', 'first wasm']);
		await expect(world.embedding.embedQuery('bees', signal)).rejects.toBe(lost);
		expect(world.loads).toHaveLength(3);
	});

	test('is not embedded for somebody who does not want it any more', async () => {
		const embedded = world.embedding.embedQuery('bees', AbortSignal.abort());
		await expect(embedded).rejects.toMatchObject({ code: 'cancelled' });
		expect(world.loads).toEqual([]);
	});
});
