import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import { AnsweringWorld, onnxModel } from '../testing/answering-world.ts';
import { loadMarkStore } from './load-mark.ts';
import { choiceOf } from './model-directory.ts';

const [old, gemma, qwen] = ['Old', 'Gemma', 'Qwen'].map(heavy) as [ModelSpec, ModelSpec, ModelSpec];
const starter: ModelSpec = { ...onnxModel('Starter 2'), engine: 'starter', dtype: null };
const signal = new AbortController().signal;
const never = new Promise<never>(() => undefined);

function heavy(name: string): ModelSpec {
	const bytes = 5;
	const file = { path: 'w', url: 'https://hub.invalid/w', bytes, sha256: '' as never };
	return { ...onnxModel(name), files: [file] };
}

let world: AnsweringWorld;

beforeEach(async () => {
	world = new AnsweringWorld([old, gemma, qwen], [starter]);
	await world.setup.initialise(world.setupOf(old));
});

/** A tab that leads, on the storage of the one before. */
async function nextTab(): Promise<AnsweringWorld> {
	const next = new AnsweringWorld([old, gemma, qwen], [starter], world);
	const entered = next.safeMode.enter();
	await next.clock.advance(500);
	await entered;
	world = next;
	return next;
}

/** The tab dies while it loads these. */
async function die(...roles: readonly ('chat' | 'embedding')[]): Promise<void> {
	const before = world.loads.length;
	world.onLoad = () => never;
	if (roles.includes('embedding')) world.embedding.get(signal).catch(() => undefined);
	if (roles.includes('chat')) world.answers.open(null, signal).catch(() => undefined);
	await expect.poll(() => world.loads.length).toBe(before + roles.length);
}

const answeringName = async (): Promise<string> =>
	(await world.answers.open(null, signal)).engine.name;
const unproven = async () => (await world.setup.read())?.trial?.unprovenStarts;

describe('after a tab has died while it loaded a chat engine', () => {
	beforeEach(async () => {
		await world.tryOut(world.setupOf(old), world.setupOf(gemma, old));
		await die('chat');
		await nextTab();
	});

	test('the engine before answers, and says why', async () => {
		const { engine, mishaps } = await world.answers.open(null, signal);
		expect(engine).toEqual(choiceOf(old));
		expect(mishaps).toEqual([
			'The tab closed unexpectedly while Gemma was being loaded the last time, so Old answered.'
		]);
		expect(world.loads).toEqual(['old auto']);
	});

	test('it stays so over restarts in good order', async () => {
		await answeringName();
		world.sessions.end();
		await nextTab();
		expect(await answeringName()).toBe('Old');
	});

	test('the user’s next try loads it, and counts as a start', async () => {
		await answeringName();
		expect(await unproven()).toBe(1);
		let during: number | undefined;
		world.onLoad = async () => void (during = await unproven());
		await world.safeMode.tryAgain('chat');
		expect(await answeringName()).toBe('Gemma');
		expect([during, await unproven()]).toEqual([2, 0]);
		expect(await world.records.list(loadMarkStore)).toEqual([]);
	});

	test('another death is safe mode again; the third start that failed is one too many', async () => {
		for (const count of [2, 3]) {
			await world.safeMode.tryAgain('chat');
			await die('chat');
			await nextTab();
			expect(await answeringName()).toBe('Old');
			expect(await unproven()).toBe(count);
		}
	});

	test('a try that fails in good order is no death', async () => {
		const corrupt = new AppError('storage/corrupt');
		await world.safeMode.tryAgain('chat');
		world.onLoad = (load) => {
			if (load.startsWith('gemma')) throw corrupt;
		};
		expect(await answeringName()).toBe('Old');
		await nextTab();
		expect(world.safeMode.held).toEqual([]);
	});

	test('another setup ends it', async () => {
		await world.setup.restorePrevious(world.planId);
		await world.safeMode.leave();
		expect(world.safeMode.blocks('chat', choiceOf(gemma))).toBe(false);
		expect(await world.records.list(loadMarkStore)).toEqual([]);
	});

	test('an engine that stood in and died of it, too, is not loaded either', async () => {
		await die('chat');
		await nextTab();
		expect(await answeringName()).toBe('Starter 2');
		expect(world.safeMode.held.map(({ choice }) => choice.name).toSorted()).toEqual([
			'Gemma',
			'Old'
		]);
	});

	test('a chat may use other engines, but not that one', async () => {
		expect((await world.answers.open(choiceOf(qwen), signal)).engine.name).toBe('Qwen');
		expect((await world.answers.open(choiceOf(gemma), signal)).engine.name).toBe('Old');
	});

	test('the embedding engine is loaded as ever', async () => {
		expect((await world.embedding.get(signal)).engine.status).toBe('ready');
	});
});

describe('after a tab has died while it loaded an embedding engine', () => {
	test('on trial, the one before serves with its index', async () => {
		await world.tryOut(world.setupOf(old), world.setupOf(old, gemma));
		await die('embedding');
		await nextTab();
		const { setup } = await world.embedding.get(signal);
		expect(setup).toEqual(world.setupOf(old));
		expect(world.loads).toEqual(['old auto']);
	});

	test('of the settled setup, nothing is loaded, and the caller is told why', async () => {
		await die('embedding');
		await nextTab();
		const got = world.embedding.get(signal);
		await expect(got).rejects.toMatchObject({ code: 'engine/safe-mode' });
		expect(world.loads).toEqual([]);
		await world.safeMode.tryAgain('embedding');
		expect((await world.embedding.get(signal)).engine.status).toBe('ready');
	});
});

test('of both engines, each is tried again by itself', async () => {
	await die('chat', 'embedding');
	await nextTab();
	expect(world.safeMode.held).toHaveLength(2);
	await world.safeMode.tryAgain('chat');
	expect(await answeringName()).toBe('Old');
	expect(world.safeMode.held.map(({ role }) => role)).toEqual(['embedding']);
});

test('a tab that was closed or reloaded while it loaded has not died', async () => {
	await die('chat', 'embedding');
	world.sessions.end();
	await nextTab();
	expect(world.safeMode.held).toEqual([]);
	expect(await answeringName()).toBe('Old');
});

test('a start on trial that was cut short in good order does not count', async () => {
	await world.tryOut(world.setupOf(old), world.setupOf(gemma));
	for (let reload = 0; reload < 4; reload++) {
		await die('chat', 'embedding');
		expect(await unproven()).toBe(1);
		world.sessions.end();
		await nextTab();
		expect(await unproven()).toBe(0);
	}
	expect(await answeringName()).toBe('Gemma');
});

test('a start on trial that the user has stopped does not count', async () => {
	await world.tryOut(world.setupOf(old), world.setupOf(gemma));
	const held = Promise.withResolvers<undefined>();
	world.onLoad = () => held.promise;
	const control = new AbortController();
	const opening = world.answers.open(null, control.signal);
	await expect.poll(() => world.loads).toHaveLength(1);
	control.abort();
	held.resolve(undefined);
	await expect(opening).rejects.toMatchObject({ code: 'cancelled' });
	await expect.poll(unproven).toBe(0);
});

test('a tab that gave the lead away while it loaded leaves no mark', async () => {
	const held = Promise.withResolvers<undefined>();
	world.onLoad = () => held.promise;
	const opening = world.answers.open(null, signal).catch(() => undefined);
	await expect.poll(() => world.loads).toHaveLength(1);
	const closing = world.pool.closeAll();
	held.resolve(undefined);
	await closing;
	expect(await world.records.list(loadMarkStore)).toEqual([]);
	await opening;
});

test('a built-in engine leaves no mark: it cannot cost the tab its life', async () => {
	await world.setup.replace(1, world.setupOf(starter));
	await die('chat');
	expect(await world.records.list(loadMarkStore)).toEqual([]);
});

test('whoever shows it hears of each change', async () => {
	await die('chat');
	const heard: number[] = [];
	const next = new AnsweringWorld([old], [starter], world);
	const stop = next.safeMode.onChange(() => heard.push(next.safeMode.held.length));
	const entered = next.safeMode.enter();
	await next.clock.advance(500);
	await entered;
	await next.safeMode.tryAgain('chat');
	stop();
	await next.safeMode.leave();
	expect(heard).toEqual([1, 0]);
});
