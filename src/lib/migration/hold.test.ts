import { beforeEach, describe, expect, test } from 'vitest';
import { nextTask } from '../core/next-task.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryDeviceConditions } from '../testing/memory-device-conditions.ts';
import { againstComputing, againstDownloading, hold, impatient, type Patience } from './hold.ts';
import type { Speed } from './plan.ts';

let clock: ManualClock;
let conditions: MemoryDeviceConditions;
let stop: AbortController;
let urge: AbortController;
let speed: Speed;
let heard: (string | null)[];

beforeEach(() => {
	clock = new ManualClock();
	conditions = new MemoryDeviceConditions();
	stop = new AbortController();
	urge = new AbortController();
	speed = 'full';
	heard = [];
});

const patience = (parts: Partial<Patience> = {}): Patience => ({
	...{ signal: stop.signal, urged: urge.signal, considerate: true },
	speed: () => speed,
	holding: (reason) => heard.push(reason),
	...parts
});
const computing = (parts?: Partial<Patience>): Promise<void> =>
	hold({ clock, conditions }, patience(parts), againstComputing);

describe('work that may wait', () => {
	test('does not wait, and says nothing, while nothing speaks against it', async () => {
		await computing();
		await hold({ clock }, patience(), againstComputing);
		expect([heard, conditions.listening, clock.sleeping]).toEqual([[], 0, 0]);
	});

	test('waits for power, as soon as there is some', async () => {
		conditions.become({ lowBattery: true });
		const waiting = computing();
		await nextTask();
		expect(heard).toEqual(['Waiting for power: the battery is low.']);
		conditions.become({ lowBattery: false });
		await waiting;
		expect([heard.at(-1), conditions.listening, clock.sleeping]).toEqual([null, 0, 0]);
	});

	test('waits for a minute without a touch, where it is to', async () => {
		speed = 'when-idle';
		conditions.become({ idleMs: 58_000 });
		const waiting = computing();
		await nextTask();
		expect(heard[0]).toContain('for a minute');
		conditions.pass({ idleMs: 59_500 });
		await clock.advance(1000);
		expect(heard).not.toContain(null);
		conditions.pass({ idleMs: 60_500 });
		await clock.advance(1000);
		await waiting;
		expect(heard.at(-1)).toBeNull();
	});

	test('goes on within a second of a change of speed', async () => {
		speed = 'when-idle';
		conditions.become({ idleMs: 0 });
		const waiting = computing();
		await nextTask();
		speed = 'full';
		await clock.advance(1000);
		await waiting;
		expect(heard.at(-1)).toBeNull();
	});

	test('says the other reason when one is gone', async () => {
		speed = 'when-idle';
		conditions.become({ idleMs: 0, lowBattery: true });
		const waiting = computing();
		await nextTask();
		conditions.become({ lowBattery: false });
		await nextTask();
		expect(heard.at(-1)).toContain('for a minute');
		conditions.become({ idleMs: 60_000 });
		await waiting;
	});

	test('goes on at once when the user says so, and waits no more', async () => {
		conditions.become({ lowBattery: true });
		const waiting = computing();
		await nextTask();
		urge.abort();
		await waiting;
		await computing();
		expect(heard).toEqual(['Waiting for power: the battery is low.', null]);
	});

	test('ends at once when it is stopped', async () => {
		conditions.become({ lowBattery: true });
		const waiting = computing();
		await nextTask();
		stop.abort();
		await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
		expect([heard.at(-1), conditions.listening]).toEqual([null, 0]);
		await expect(computing()).rejects.toMatchObject({ code: 'cancelled' });
	});

	test('gets ready to wait, once, and only where it has to', async () => {
		let ready = 0;
		const prepare = async (): Promise<void> => {
			ready++;
		};
		await hold({ clock, conditions }, patience(), againstComputing, prepare);
		expect(ready).toBe(0);
		conditions.become({ lowBattery: true });
		const waiting = hold({ clock, conditions }, patience(), againstComputing, prepare);
		await nextTask();
		await clock.advance(5000);
		conditions.become({ lowBattery: false });
		await waiting;
		expect(ready).toBe(1);
	});

	test('that nothing may hold up waits for nothing', async () => {
		conditions.become({ lowBattery: true, idleMs: 0 });
		await hold({ clock, conditions }, impatient(stop.signal), againstComputing);
		expect(conditions.listening).toBe(0);
	});
});

test('a battery and a line count only where the user wants that', () => {
	const state = { charging: false, lowBattery: true, metered: true, idleMs: 0 };
	const careless = patience({ considerate: false });
	expect(againstComputing(state, careless)).toBeNull();
	expect(againstDownloading(state, careless)).toBeNull();
	expect(againstDownloading(state, patience())).toContain('not metered');
	expect(againstDownloading({ ...state, metered: false }, patience())).toBeNull();
});
