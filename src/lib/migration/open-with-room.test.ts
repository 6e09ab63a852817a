import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import type { AdapterId } from '../core/ids.ts';
import type { DevicePreference } from '../engines/engine-contract.ts';
import { scriptedModel } from '../testing/scripted-engine.ts';
import type { BenchEngine, EngineBench } from './migration-ports.ts';
import { openWithRoom, type Opening } from './open-with-room.ts';

const engine: BenchEngine = {
	...{ dims: null, device: 'wasm' },
	embed: () => Promise.resolve([]),
	async *generate() {
		yield* [];
	},
	close: () => Promise.resolve()
};
const use = { adapter: 'bees' as AdapterId, strength: 1 };

let log: string[];
let place: 'beside' | 'in-turn';
/** What opening fails with, the next first. */
let failures: AppError[];
let stop: AbortController;

beforeEach(() => {
	log = [];
	place = 'beside';
	failures = [];
	stop = new AbortController();
});

const bench: Pick<EngineBench, 'open' | 'room' | 'rest'> = {
	room: () => Promise.resolve(place),
	rest: async () => void log.push('rest'),
	open: (_spec, _signal, adapters = [], device: DevicePreference = 'auto') => {
		log.push(['open', device, ...adapters.map(({ adapter }) => adapter)].join(' '));
		const failure = failures.shift();
		return failure ? Promise.reject(failure) : Promise.resolve(engine);
	}
};

const open = (opening: Partial<Opening> = {}) =>
	openWithRoom(
		{ bench, whenIdle: async () => void log.push('idle') },
		{ spec: scriptedModel, ...opening },
		stop.signal
	);

describe('an engine that is opened beside those in use', () => {
	test('has what was asked for it', async () => {
		expect(await open({ adapters: [use], device: 'wasm' })).toBe(engine);
		expect(log).toEqual(['open wasm bees']);
	});

	test('has them rest first where there is no room for both, when nobody is answered', async () => {
		place = 'in-turn';
		await open();
		expect(log).toEqual(['idle', 'rest', 'open auto']);
	});

	test('has them rest where memory turns out to be short, and is tried once more', async () => {
		failures = [new AppError('engine/out-of-memory')];
		expect(await open({ adapters: [use] })).toBe(engine);
		expect(log).toEqual(['open auto bees', 'idle', 'rest', 'open auto bees']);
	});

	test('fails where memory is short though they rest', async () => {
		failures = [new AppError('engine/out-of-memory'), new AppError('engine/out-of-memory')];
		await expect(open()).rejects.toMatchObject({ code: 'engine/out-of-memory' });
		place = 'in-turn';
		failures = [new AppError('engine/out-of-memory')];
		await expect(open()).rejects.toMatchObject({ code: 'engine/out-of-memory' });
		expect(log.slice(4)).toEqual(['idle', 'rest', 'open auto']);
	});

	test('lets them work on where it fails for another reason', async () => {
		failures = [new AppError('engine/device-lost')];
		await expect(open()).rejects.toMatchObject({ code: 'engine/device-lost' });
		expect(log).toEqual(['open auto']);
	});

	test('is not begun once the user has stopped', async () => {
		stop.abort();
		await expect(open()).rejects.toMatchObject({ code: 'cancelled' });
		expect(log).toEqual([]);
	});
});
