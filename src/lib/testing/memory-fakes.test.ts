import { describe, expect, test } from 'vitest';
import type { StoreOf } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import { describeBlobStore } from './contracts/blob-store.ts';
import { describeClock } from './contracts/clock.ts';
import { describeConnectivity } from './contracts/connectivity.ts';
import { describeLocks } from './contracts/locks.ts';
import { describeRangeSource } from './contracts/range-source.ts';
import { describeRecordStore } from './contracts/record-store.ts';
import { describeTabChannel, type Hint } from './contracts/tab-channel.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryBlobStore } from './memory-blob-store.ts';
import { MemoryConnectivity } from './memory-connectivity.ts';
import { MemoryLocks } from './memory-locks.ts';
import { MemoryRecordStore } from './memory-record-store.ts';
import { MemoryTabHub } from './memory-tab-channel.ts';
import { ScriptedRangeSource } from './scripted-range-source.ts';

describeRecordStore('MemoryRecordStore', () => ({ store: new MemoryRecordStore() }));
describeBlobStore('MemoryBlobStore', () => ({ store: new MemoryBlobStore({ quota: 1e12 }) }));
describeLocks('MemoryLocks', () => new MemoryLocks());
describeConnectivity('MemoryConnectivity', () => {
	const connectivity = new MemoryConnectivity();
	return { connectivity, setOnline: (online) => connectivity.setOnline(online) };
});
describeTabChannel('MemoryTabHub', (count) => {
	const hub = new MemoryTabHub<Hint>();
	return Array.from({ length: count }, () => hub.join());
});
describeClock('ManualClock', () => {
	const clock = new ManualClock();
	return { clock, pass: (ms) => clock.advance(ms) };
});
describeRangeSource('ScriptedRangeSource', () => {
	const source = new ScriptedRangeSource();
	return {
		source,
		serve: (file) => {
			source.serve('https://host.test/file', file);
			return 'https://host.test/file';
		},
		fail: (url, fault) => source.fail(url, fault)
	};
});

interface Row {
	readonly id: number;
}
const rows: StoreOf<Row, number> = { name: 'rows', keyOf: (row) => row.id };

describe('MemoryRecordStore', () => {
	test('counts commits and remembers the durability of each', async () => {
		const store = new MemoryRecordStore();
		await store.commit([write.put(rows, { id: 1 })]);
		await store.commit([write.put(rows, { id: 2 })], { durability: 'strict' });
		await store.commit([write.add(rows, { id: 2 })]).catch(() => undefined);
		expect(store.commits).toBe(2);
		expect(store.durabilities).toEqual(['relaxed', 'strict']);
	});

	test('a hook before the commit keeps it out, one after it does not', async () => {
		let dies: 'before' | 'after' | undefined;
		const die = (side: typeof dies) => () => {
			if (dies === side) throw new Error(`died ${side}`);
		};
		const store = new MemoryRecordStore({
			beforeCommit: die('before'),
			afterCommit: die('after')
		});
		dies = 'before';
		await expect(store.commit([write.put(rows, { id: 1 })])).rejects.toThrow('died before');
		expect(await store.count(rows)).toBe(0);
		dies = 'after';
		await expect(store.commit([write.put(rows, { id: 1 })])).rejects.toThrow('died after');
		expect(await store.count(rows)).toBe(1);
	});
});

describe('MemoryBlobStore', () => {
	test('refuses what is beyond the quota and keeps the rest', async () => {
		const store = new MemoryBlobStore({ quota: 10 });
		await store.put('a', new Uint8Array(6));
		await expect(store.put('b', new Uint8Array(5))).rejects.toMatchObject({
			code: 'storage/quota'
		});
		expect(await store.keys('')).toEqual(['a']);
		expect([await store.hasRoom(4), await store.hasRoom(5)]).toEqual([true, false]);
		store.setQuota(11);
		expect(await store.hasRoom(5)).toBe(true);
		await store.put('b', new Uint8Array(5));
		expect(await store.estimate()).toMatchObject({ usage: 11, quota: 11 });
	});

	test('damages a part and loses everything when told to', async () => {
		const store = new MemoryBlobStore({ persistable: false });
		await store.put('a', new Uint8Array([1, 2]));
		store.corrupt('a', (body) => body.slice(1));
		expect(store.usage).toBe(1);
		store.evict();
		expect(await store.has('a')).toBe(false);
		expect(await store.persist()).toBe(false);
	});

	test('calls its hooks around each effect', async () => {
		const log: string[] = [];
		const store: MemoryBlobStore = new MemoryBlobStore({
			beforeEffect: ({ op, key }) => void log.push(`before ${op} ${key}: ${store.usage}`),
			afterEffect: ({ op, key }) => void log.push(`after ${op} ${key}: ${store.usage}`)
		});
		await store.put('a', new Uint8Array(3));
		await store.delete('a');
		expect(log).toEqual([
			'before put a: 0',
			'after put a: 3',
			'before delete a: 3',
			'after delete a: 0'
		]);
	});
});

describe('ManualClock', () => {
	test('wakes who falls asleep while it advances, at the right moment', async () => {
		const clock = new ManualClock(1000);
		const moments: number[] = [];
		const ticking = (async () => {
			for (let i = 0; i < 3; i++) {
				await clock.sleep(10);
				moments.push(clock.now());
			}
		})();
		await clock.advance(25);
		expect(moments).toEqual([1010, 1020]);
		expect(clock.sleeping).toBe(1);
		await clock.advance(5);
		await ticking;
		expect(moments).toEqual([1010, 1020, 1030]);
	});

	test('jumps on the wall without moving the monotonic clock', () => {
		const clock = new ManualClock(1000);
		clock.jump(-500);
		expect([clock.now(), clock.monotonic()]).toEqual([500, 0]);
	});
});

describe('MemoryLocks', () => {
	test('pass to another tab when the holder dies', async () => {
		const first = new MemoryLocks();
		const second = first.anotherTab();
		void first.hold('leader', () => new Promise(() => undefined));
		const takeover = second.hold('leader', async () => 'second leads');
		expect(await second.tryHold('leader', async () => 1)).toEqual({ held: false });
		first.die();
		expect(await takeover).toBe('second leads');
	});
});

describe('MemoryConnectivity', () => {
	test('tells how many wait', async () => {
		const connectivity = new MemoryConnectivity(false);
		const controller = new AbortController();
		const waits = [controller.signal, new AbortController().signal].map((signal) =>
			connectivity.whenOnline(signal).catch(() => undefined)
		);
		expect(connectivity.waiting).toBe(2);
		controller.abort();
		await waits[0];
		expect(connectivity.waiting).toBe(1);
		connectivity.setOnline(true);
		await waits[1];
		expect(connectivity.waiting).toBe(0);
	});
});

describe('ScriptedRangeSource', () => {
	test('records every read and uses each fault once', async () => {
		const source = new ScriptedRangeSource();
		const { signal } = new AbortController();
		source.serve('u', { body: new Uint8Array(4) });
		source.fail('u', { kind: 'offline' }, { kind: 'status', status: 500 });
		const read = () => source.read('u', { from: 0 }, signal);
		await expect(read()).rejects.toMatchObject({ code: 'download/offline' });
		await expect(read()).rejects.toMatchObject({ code: 'download/http' });
		await expect(read()).resolves.toMatchObject({ total: 4 });
		expect(source.reads).toHaveLength(3);
	});

	test('answers 404 for what is not served, and a new validator when the file changed', async () => {
		const source = new ScriptedRangeSource();
		const { signal } = new AbortController();
		await expect(source.read('u', { from: 0 }, signal)).rejects.toMatchObject({
			details: { status: 404 }
		});
		for (const validator of ['v1', 'v2']) {
			source.serve('u', { body: new Uint8Array(1), validator });
			expect((await source.read('u', { from: 0 }, signal)).validator).toBe(validator);
		}
	});
});
