import { describe, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import { indexSpecOf } from '../knowledge/index-spec.ts';
import { MigrationWorld, models } from '../testing/migration-world.ts';
import { nextTask } from '../testing/next-task.ts';
import type { BenchScript } from '../testing/scripted-bench.ts';
import { fillIndex, type FillRequest } from './fill-index.ts';

async function prepare(script: BenchScript = {}, texts = 40) {
	const world = await MigrationWorld.create(script, texts);
	const { workshop } = world.open();
	const { id } = await workshop.createIndex(indexSpecOf(models.new));
	const counts: number[] = [];
	const fill = (parts: Partial<FillRequest> = {}): Promise<void> =>
		fillIndex(
			{ bench: world.bench, workshop, clock: world.clock, whenIdle: world.whenIdle },
			{
				spec: models.new,
				index: id,
				speed: 'full',
				signal: new AbortController().signal,
				onBatch: async (embedded) => void counts.push(embedded),
				...parts
			}
		);
	const embedded = async () => (await workshop.indexState(id))?.embedded;
	return { world, workshop, fill, counts, embedded, id };
}

const passageCalls = (world: MigrationWorld): number[] =>
	world.bench.calls.filter(({ method }) => method === 'embed').map(({ texts }) => texts.length);

describe('fillIndex', () => {
	test('embeds all that is missing, batch by batch, and tells after each', async () => {
		const { world, fill, counts, embedded } = await prepare();
		await fill();
		expect(await embedded()).toBe(40);
		expect(counts).toEqual([32, 40]);
		expect(passageCalls(world)).toEqual([32, 8]);
		expect(world.bench.opened).toBe(0);
	});

	test('puts texts of like length together', async () => {
		const { world, workshop, fill } = await prepare({}, 30);
		for (let at = 0; at < 30; at++) await workshop.addText(`long ${at} ${'word '.repeat(50)}`);
		await fill();
		const [short] = world.bench.calls.filter(({ method }) => method === 'embed');
		expect(short?.texts.filter((text) => text.startsWith('word'))).toHaveLength(30);
	});

	test('keeps which texts the engine read only the beginning of', async () => {
		const { workshop, fill, id } = await prepare({ reads: 100 }, 10);
		for (let at = 0; at < 3; at++) await workshop.addText(`long ${at} ${'word '.repeat(50)}`);
		await fill();
		expect(await workshop.indexState(id)).toMatchObject({ embedded: 13, truncated: 3 });
	});

	test('opens no engine when nothing is missing', async () => {
		const { world, fill } = await prepare();
		await fill();
		world.bench.calls.length = 0;
		await fill();
		expect(world.bench.calls).toEqual([]);
	});

	test('a failed batch is tried text by text: only the bad text is left out', async () => {
		const { fill, embedded } = await prepare({
			before: ({ model, texts }) => {
				if (model === 'new' && texts.some((text) => text.startsWith('word7 ')))
					throw new AppError('engine/embed-failed', { details: { reason: 'odd text' } });
			}
		});
		await expect(fill()).rejects.toMatchObject({
			code: 'index/incomplete',
			details: { missing: 1, expected: 40 }
		});
		expect(await embedded()).toBe(39);
	});

	test('a batch that fails once costs nothing but time', async () => {
		let failures = 1;
		const { fill, embedded } = await prepare({
			before: ({ texts }) => {
				if (texts.length > 1 && failures-- > 0) throw new AppError('engine/out-of-memory');
			}
		});
		await fill();
		expect(await embedded()).toBe(40);
	});

	test('an engine that fails on everything is given up early', async () => {
		const { world, fill } = await prepare(
			{
				before: ({ method }) => {
					if (method === 'embed') throw new AppError('engine/embed-failed');
				}
			},
			200
		);
		await expect(fill()).rejects.toMatchObject({ code: 'index/incomplete' });
		expect(world.bench.calls.length).toBeLessThan(100);
	});

	test.each(['engine/device-lost', 'wire/worker-died', 'storage/quota'] as const)(
		'%s is not tried again',
		async (code) => {
			const { world, fill } = await prepare({
				before: ({ method }) => {
					if (method === 'embed') throw new AppError(code);
				}
			});
			await expect(fill()).rejects.toMatchObject({ code });
			expect(passageCalls(world)).toEqual([32]);
			expect(world.bench.opened).toBe(0);
		}
	);

	test('an engine that returns too few vectors is not believed', async () => {
		const { world, fill } = await prepare();
		const open = world.bench.open.bind(world.bench);
		world.bench.open = async (...args) => ({
			...(await open(...args)),
			embed: () => Promise.resolve([])
		});
		await expect(fill()).rejects.toMatchObject({ code: 'index/incomplete' });
	});

	test('stops between batches when it is told to, and keeps what it has', async () => {
		const stop = new AbortController();
		const { world, fill, embedded } = await prepare();
		const onBatch = async (): Promise<void> => stop.abort();
		await expect(fill({ signal: stop.signal, onBatch })).rejects.toMatchObject({
			code: 'cancelled'
		});
		expect(await embedded()).toBe(32);
		expect(world.bench.opened).toBe(0);
	});

	test('rests between batches when it is to be gentle', async () => {
		const { world, fill, embedded } = await prepare();
		const filling = fill({ speed: 'gentle' });
		while (world.clock.sleeping === 0) await nextTask();
		expect(await embedded()).toBe(32);
		await world.clock.advance(60);
		while (world.clock.sleeping === 0) await nextTask();
		await world.clock.advance(60);
		await filling;
		expect(await embedded()).toBe(40);
	});

	test('lets the user be answered first', async () => {
		const { world, workshop, embedded } = await prepare();
		const answered = Promise.withResolvers<undefined>();
		let waiting = 0;
		const whenIdle = async (): Promise<void> => {
			waiting++;
			await answered.promise;
		};
		const filling = fillIndex(
			{ bench: world.bench, workshop, clock: world.clock, whenIdle },
			{
				spec: models.new,
				index: world.newIndex,
				speed: 'full',
				signal: new AbortController().signal,
				onBatch: () => Promise.resolve()
			}
		);
		while (waiting === 0) await nextTask();
		expect(await embedded()).toBe(32);
		answered.resolve(undefined);
		await filling;
		expect(await embedded()).toBe(40);
	});
});
