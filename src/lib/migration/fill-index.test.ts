import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import type { IndexId } from '../core/ids.ts';
import { nextTask } from '../core/next-task.ts';
import { indexSpecOf } from '../knowledge/index-spec.ts';
import { MemoryDeviceConditions } from '../testing/memory-device-conditions.ts';
import { MigrationWorld, models, type Tab } from '../testing/migration-world.ts';
import type { BenchCall, BenchScript } from '../testing/scripted-bench.ts';
import type { FailedPassage } from './failed-passage.ts';
import { fillIndex, type FillDeps } from './fill-index.ts';
import type { Patience } from './hold.ts';
import type { Effort } from './migration-step.ts';
import type { Speed } from './plan.ts';

let world: MigrationWorld;
let workshop: Tab['workshop'];
let index: IndexId;
let counts: number[];
let efforts: Effort[];
let failures: { count: number; some: readonly FailedPassage[] }[];
let reasons: (string | null)[];
let speed: Speed;
let stop: AbortController;
let urge: AbortController;
let conditions: MemoryDeviceConditions;

beforeEach(() => {
	counts = [];
	efforts = [];
	failures = [];
	reasons = [];
	speed = 'full';
	stop = new AbortController();
	urge = new AbortController();
	conditions = new MemoryDeviceConditions();
});

async function prepare(script: BenchScript = {}, texts = 40): Promise<void> {
	world = await MigrationWorld.create(script, texts);
	({ workshop } = world.open());
	({ id: index } = await workshop.createIndex(indexSpecOf(models.new)));
}

interface Options {
	readonly deps?: Partial<FillDeps>;
	readonly patience?: Partial<Patience>;
	readonly onBatch?: () => void;
}

function fill({ deps, patience, onBatch }: Options = {}): Promise<void> {
	const { bench, clock, whenIdle } = world;
	return fillIndex(
		{ bench, workshop, clock, whenIdle, conditions, ...deps },
		{
			spec: models.new,
			index,
			patience: {
				...{ signal: stop.signal, urged: urge.signal, considerate: true },
				speed: () => speed,
				holding: (reason) => reasons.push(reason),
				...patience
			},
			onBatch: async (embedded, _, effort) => {
				counts.push(embedded);
				efforts.push(effort);
				onBatch?.();
			},
			onFailed: async (count, some) => void failures.push({ count, some })
		}
	);
}

/** The workshop, with some of it done in another way. */
function workshopWith(parts: Partial<FillDeps['workshop']>): FillDeps['workshop'] {
	return {
		missingTexts: (...args) => workshop.missingTexts(...args),
		indexState: (...args) => workshop.indexState(...args),
		addVectors: (...args) => workshop.addVectors(...args),
		textPlaces: (...args) => workshop.textPlaces(...args),
		...parts
	};
}

const embedded = async () => (await workshop.indexState(index))?.embedded;
const embeds = (): BenchCall[] => world.bench.calls.filter(({ method }) => method === 'embed');
const batches = (): number[] => embeds().map(({ texts }) => texts.length);
const opens = (): number => world.bench.calls.filter(({ method }) => method === 'open').length;

describe('fillIndex', () => {
	test('embeds all that is missing, batch by batch, and tells after each', async () => {
		await prepare();
		await fill();
		expect(await embedded()).toBe(40);
		expect(counts).toEqual([32, 40]);
		expect(batches()).toEqual([32, 8]);
		expect([opens(), world.bench.opened, failures]).toEqual([1, 0, []]);
	});

	test('embeds each text once, however many there are', async () => {
		await prepare({}, 700);
		await fill();
		const texts = embeds().flatMap((call) => call.texts);
		expect([texts.length, new Set(texts).size, await embedded()]).toEqual([700, 700, 700]);
	});

	test('asks for no more texts at a time the more there are', async () => {
		await prepare({}, 700);
		const limits: number[] = [];
		const watched = workshopWith({
			missingTexts: (id, limit) => {
				limits.push(limit);
				return workshop.missingTexts(id, limit);
			}
		});
		await fill({ deps: { workshop: watched } });
		expect(Math.max(...limits)).toBeLessThanOrEqual(512 + 2 * 256 + 256);
	});

	test('puts texts of like length together', async () => {
		await prepare({}, 30);
		for (let at = 0; at < 30; at++) await workshop.addText(`long ${at} ${'word '.repeat(50)}`);
		await fill();
		expect(embeds()[0]?.texts.filter((text) => text.startsWith('word'))).toHaveLength(30);
	});

	test('keeps which texts the engine read only the beginning of', async () => {
		await prepare({ reads: 100 }, 10);
		for (let at = 0; at < 3; at++) await workshop.addText(`long ${at} ${'word '.repeat(50)}`);
		await fill();
		expect(await workshop.indexState(index)).toMatchObject({ embedded: 13, truncated: 3 });
	});

	test('opens an engine for many texts, where there is such a thing', async () => {
		await prepare();
		let opened = 0;
		const bench = {
			room: () => world.bench.room(),
			rest: () => world.bench.rest(),
			open: () => Promise.reject(new AppError('bug')),
			openForMany: (...args: Parameters<typeof world.bench.open>) => {
				opened++;
				return world.bench.open(...args);
			}
		};
		await fill({ deps: { bench } });
		expect([opened, await embedded()]).toEqual([1, 40]);
	});

	test('opens no engine when nothing is missing', async () => {
		await prepare();
		await fill();
		world.bench.calls.length = 0;
		await fill();
		expect(world.bench.calls).toEqual([]);
	});

	test('embeds what is imported meanwhile', async () => {
		await prepare();
		let added = false;
		const before = async ({ texts }: BenchCall): Promise<void> => {
			if (texts.length !== 8 || added) return;
			added = true;
			await workshop.addText('a late text');
		};
		world.bench.follow({ before });
		await fill();
		expect(await embedded()).toBe(41);
	});

	test('stores a batch while the next one is computed', async () => {
		await prepare();
		const storing = Promise.withResolvers<undefined>();
		const slow = workshopWith({
			addVectors: async (id, rows) => {
				if (rows.length === 32) await storing.promise;
				await workshop.addVectors(id, rows);
			}
		});
		const filling = fill({ deps: { workshop: slow } });
		await expect.poll(batches).toEqual([32, 8]);
		expect(await embedded()).toBe(0);
		storing.resolve(undefined);
		await filling;
		expect(counts).toEqual([32, 40]);
	});

	test('counts work in characters, and leaves waiting out of its time', async () => {
		await prepare({
			before: ({ method }) => (method === 'embed' ? world.clock.advance(100) : undefined)
		});
		await fill({ deps: { whenIdle: () => world.clock.advance(60_000) } });
		const characters = embeds().map(({ texts }) => texts.join('').length);
		expect(efforts.map(({ done }) => done)).toEqual(characters);
		expect(efforts[0]?.left).toBeCloseTo((8 * characters[0]!) / 32);
		expect(efforts[1]).toMatchObject({ left: 0 });
		expect(efforts[1]!.ms).toBeLessThan(1000);
	});
});

describe('a failure', () => {
	const odd = (text: string): boolean => text.startsWith('word7 ');
	const failOnOdd = ({ model, texts }: BenchCall): void => {
		if (model === 'new' && texts.some(odd))
			throw new AppError('engine/embed-failed', { details: { reason: 'odd text' } });
	};

	test('of a batch is followed text by text: only the bad text is left out, and named', async () => {
		await prepare({ before: failOnOdd });
		await expect(fill()).rejects.toMatchObject({
			code: 'index/incomplete',
			details: { missing: 1, expected: 40 }
		});
		expect(await embedded()).toBe(39);
		expect(failures).toMatchObject([{ count: 1, some: [{ page: null }] }]);
		expect(failures[0]?.some[0]?.reason).toContain('odd text');
	});

	test('of one text is tried once more at the end, with a fresh engine', async () => {
		let left = 2;
		await prepare({
			before: ({ texts }) => {
				if (texts.some(odd) && left-- > 0) throw new AppError('engine/embed-failed');
			}
		});
		await fill();
		expect([await embedded(), failures]).toEqual([40, []]);
		expect(embeds().at(-1)?.texts).toEqual([expect.stringMatching(/^word7 /)]);
	});

	test('leaves no engine in use that may be broken by it', async () => {
		let broken = false;
		await prepare({
			before: ({ method, texts }) => {
				if (method === 'open') broken = false;
				if (broken) throw new AppError('engine/not-loaded');
				broken = texts.some(odd);
				if (broken) throw new AppError('engine/embed-failed');
			}
		});
		await expect(fill()).rejects.toMatchObject({ code: 'index/incomplete' });
		expect(await embedded()).toBe(39);
	});

	test('for want of memory halves the batches for good', async () => {
		await prepare({
			before: ({ texts }) => {
				if (texts.length > 10) throw new AppError('engine/out-of-memory');
			}
		});
		await fill();
		expect(await embedded()).toBe(40);
		expect(batches()).toEqual([32, 16, 8, 8, 8, 8, 8]);
	});

	test('for want of memory for a single text is that text’s', async () => {
		await prepare({
			before: ({ texts }) => {
				if (texts.some(odd)) throw new AppError('engine/out-of-memory');
			}
		});
		await expect(fill()).rejects.toMatchObject({ code: 'index/incomplete' });
		expect(await embedded()).toBe(39);
	});

	test('of everything is given up early, and some are named', async () => {
		await prepare(
			{
				before: ({ method }) => {
					if (method === 'embed') throw new AppError('engine/embed-failed');
				}
			},
			200
		);
		await expect(fill()).rejects.toMatchObject({ code: 'index/incomplete' });
		expect(world.bench.calls.length).toBeLessThan(60);
		expect(failures[0]?.count).toBe(200);
		expect(failures[0]?.some).toHaveLength(16);
	});

	test('of a text whose document is gone is nobody’s loss', async () => {
		await prepare({ before: failOnOdd });
		const removed = workshopWith({
			indexState: async (id) => {
				const there = await workshop.indexState(id);
				return there && { ...there, texts: there.embedded };
			}
		});
		await fill({ deps: { workshop: removed } });
		expect(await embedded()).toBe(39);
	});

	test('to store one vector of a batch costs that text alone', async () => {
		await prepare({
			vector: (model, text, dims) =>
				model === 'new' && odd(text) ? new Float32Array(dims).fill(NaN) : undefined
		});
		await expect(fill()).rejects.toMatchObject({ code: 'index/incomplete' });
		expect(await embedded()).toBe(39);
	});

	test.each(['engine/device-lost', 'engine/stalled', 'wire/worker-died'] as const)(
		'an engine that is lost (%s) is opened anew, and nothing is left out',
		async (code) => {
			let batches = 0;
			await prepare({
				before: ({ model, method }) => {
					if (model !== 'new' || method !== 'embed') return;
					// Two losses one after the other, then two more: something was stored in between.
					batches++;
					if ([1, 2, 4, 5].includes(batches)) throw new AppError(code);
				}
			});
			await fill();
			expect(await workshop.indexState(index)).toMatchObject({ texts: 40, embedded: 40 });
			expect(world.bench.opened).toBe(0);
			expect(world.bench.calls.filter(({ method }) => method === 'open')).toHaveLength(5);
			expect(failures).toEqual([]);
		}
	);

	test('a text that takes the engine down whenever it is alone ends the step, not the tab', async () => {
		await prepare({
			before: ({ model, texts }) => {
				if (model === 'new' && texts.some((text) => text.startsWith('word7 ')))
					throw new AppError('engine/device-lost');
			}
		});
		await expect(fill()).rejects.toMatchObject({ code: 'engine/device-lost' });
		expect(world.bench.opened).toBe(0);
	});

	test.each([
		['engine/device-lost', [32, 32, 32]],
		['wire/worker-died', [32, 32, 32]],
		['storage/quota', [32]]
	] as const)('%s again and again ends it after these batches: %j', async (code, tried) => {
		await prepare({
			before: ({ method }) => {
				if (method === 'embed') throw new AppError(code);
			}
		});
		await expect(fill()).rejects.toMatchObject({ code });
		expect(batches()).toEqual(tried);
		expect(world.bench.opened).toBe(0);
	});

	test('an engine that returns too few vectors is not believed', async () => {
		await prepare();
		const open = world.bench.open.bind(world.bench);
		world.bench.open = async (...args) => ({
			...(await open(...args)),
			embed: () => Promise.resolve([])
		});
		await expect(fill()).rejects.toMatchObject({ code: 'index/incomplete' });
	});
});

describe('it gives way', () => {
	test('when it is told to stop: what it has is kept, and nothing is written later', async () => {
		await prepare();
		await expect(fill({ onBatch: () => stop.abort() })).rejects.toMatchObject({
			code: 'cancelled'
		});
		expect(await embedded()).toBe(32);
		await nextTask();
		expect([await embedded(), world.bench.opened]).toEqual([32, 0]);
	});

	test('for as long as a batch took, when it is to be gentle', async () => {
		await prepare();
		speed = 'gentle';
		const filling = fill();
		while (world.clock.sleeping === 0) await nextTask();
		expect(batches()).toEqual([32]);
		await world.clock.advance(60);
		while (world.clock.sleeping === 0) await nextTask();
		expect(batches()).toEqual([32, 8]);
		await world.clock.advance(60);
		await filling;
		expect(await embedded()).toBe(40);
	});

	test('with a speed that changes under way', async () => {
		await prepare({}, 100);
		await fill({
			onBatch: () => {
				speed = counts.length === 1 ? 'gentle' : 'full';
				if (speed === 'gentle') void world.clock.advance(60);
			}
		});
		expect(await embedded()).toBe(100);
	});

	test('to the user’s own questions', async () => {
		await prepare();
		const answered = Promise.withResolvers<undefined>();
		let asked = 0;
		const whenIdle = async (): Promise<void> => {
			if (asked++ > 0) await answered.promise;
		};
		const filling = fill({ deps: { whenIdle } });
		await expect.poll(embedded).toBe(32);
		expect(batches()).toEqual([32]);
		answered.resolve(undefined);
		await filling;
		expect(await embedded()).toBe(40);
	});

	test('to a low battery, from the start: no engine is opened, and it says why', async () => {
		await prepare();
		conditions.become({ lowBattery: true });
		const filling = fill();
		await expect.poll(() => reasons).toHaveLength(1);
		expect([reasons[0], world.bench.calls.length]).toEqual([
			'Waiting for power: the battery is low.',
			0
		]);
		conditions.become({ lowBattery: false });
		await filling;
		expect([reasons.at(-1), await embedded()]).toEqual([null, 40]);
	});

	test('to whoever touches the device, under way: its engine takes no memory meanwhile', async () => {
		await prepare({}, 100);
		speed = 'when-idle';
		const filling = fill({
			onBatch: () => {
				if (counts.length === 1) conditions.become({ idleMs: 0 });
			}
		});
		await expect.poll(() => reasons.at(-1)).toContain('nobody has used this device');
		await expect.poll(() => world.bench.opened).toBe(0);
		conditions.become({ idleMs: 60_000 });
		await filling;
		expect([await embedded(), opens()]).toEqual([100, 2]);
	});
});

describe('where two engines have no room', () => {
	test('the others rest before its own is opened', async () => {
		await prepare({
			room: 'in-turn',
			before: ({ method }) => {
				if (method === 'open') expect(world.bench.rests).toBe(1);
			}
		});
		await fill();
		expect([await embedded(), world.bench.rests]).toEqual([40, 1]);
	});

	test('its own is closed while the user is answered, and then opened anew', async () => {
		await prepare({ room: 'in-turn' }, 100);
		const answered = Promise.withResolvers<undefined>();
		let busy = false;
		let opened = -1;
		const filling = fill({
			deps: {
				busy: () => busy,
				whenIdle: async () => {
					if (!busy) return;
					opened = world.bench.opened;
					await answered.promise;
				}
			},
			onBatch: () => {
				if (counts.length === 1) busy = true;
			}
		});
		await expect.poll(() => opened).toBe(0);
		busy = false;
		answered.resolve(undefined);
		await filling;
		expect([await embedded(), opens(), world.bench.rests]).toEqual([100, 2, 2]);
	});

	test('it stays open beside the others where there is room', async () => {
		await prepare();
		let asked = 0;
		await fill({ deps: { busy: () => ++asked > 0 } });
		expect([opens(), world.bench.rests]).toEqual([1, 0]);
	});

	test('it learns so from an engine that found no memory, once', async () => {
		let tries = 0;
		await prepare({
			before: ({ method }) => {
				if (method === 'open' && tries++ === 0) throw new AppError('engine/out-of-memory');
			}
		});
		await fill();
		expect([await embedded(), opens(), world.bench.rests]).toEqual([40, 2, 1]);
		await prepare({
			before: ({ method }) => {
				if (method === 'open') throw new AppError('engine/out-of-memory');
			}
		});
		await expect(fill()).rejects.toMatchObject({ code: 'engine/out-of-memory' });
		expect([opens(), world.bench.rests]).toEqual([2, 1]);
	});
});
