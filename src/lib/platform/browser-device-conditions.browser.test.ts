import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
	BrowserDeviceConditions,
	type BatteryStatus,
	type DeviceScope,
	type LineStatus
} from './browser-device-conditions.ts';

class Battery extends EventTarget implements BatteryStatus {
	charging = true;
	level = 1;

	become(charging: boolean, level: number): void {
		this.charging = charging;
		this.level = level;
		this.dispatchEvent(new Event('levelchange'));
	}
}

class Line extends EventTarget implements LineStatus {
	saveData = false;
	type = 'wifi';
}

/** A window of its own, with what a browser may have or lack. */
class Scope extends EventTarget implements DeviceScope {
	readonly navigator: DeviceScope['navigator'];

	constructor(navigator: DeviceScope['navigator'] = {}) {
		super();
		this.navigator = navigator;
	}
}

let time = 0;
let heard = 0;
let stop: () => void = () => undefined;

beforeEach(() => {
	time = 0;
	heard = 0;
});
afterEach(() => stop());

async function conditionsIn(scope: DeviceScope): Promise<BrowserDeviceConditions> {
	const conditions = new BrowserDeviceConditions(scope, () => time);
	await Promise.resolve();
	await Promise.resolve();
	stop = conditions.onChange(() => heard++);
	return conditions;
}

describe('the battery', () => {
	test('is low when a fifth or less is left and nothing charges it', async () => {
		const battery = new Battery();
		const conditions = await conditionsIn(
			new Scope({ getBattery: () => Promise.resolve(battery) })
		);
		expect(conditions.now()).toMatchObject({ charging: true, lowBattery: false });
		battery.become(false, 0.21);
		expect(conditions.now()).toMatchObject({ charging: false, lowBattery: false });
		battery.become(false, 0.2);
		expect(conditions.now().lowBattery).toBe(true);
		battery.become(true, 0.05);
		expect(conditions.now().lowBattery).toBe(false);
		expect(heard).toBe(3);
	});

	test('of a browser that tells nothing, or forbids to ask, is never low', async () => {
		const mute = await conditionsIn(new Scope());
		const forbidding = await conditionsIn(
			new Scope({ getBattery: () => Promise.reject(new DOMException('', 'NotAllowedError')) })
		);
		expect(mute.now()).toMatchObject({ charging: null, lowBattery: false });
		expect(forbidding.now()).toMatchObject({ charging: null, lowBattery: false });
	});
});

describe('the line', () => {
	test('is metered on a mobile network, and where the user wants to save data', async () => {
		const line = new Line();
		const conditions = await conditionsIn(new Scope({ connection: line }));
		expect(conditions.now().metered).toBe(false);
		line.type = 'cellular';
		line.dispatchEvent(new Event('change'));
		expect([conditions.now().metered, heard]).toEqual([true, 1]);
		line.type = 'wifi';
		line.saveData = true;
		expect(conditions.now().metered).toBe(true);
	});

	test('of a browser that tells nothing is not', async () => {
		expect((await conditionsIn(new Scope())).now().metered).toBe(false);
		expect((await conditionsIn(new Scope({ connection: {} }))).now().metered).toBe(false);
	});
});

describe('idleness', () => {
	test.each(['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'])(
		'counts from the last %s',
		async (type) => {
			const scope = new Scope();
			const conditions = await conditionsIn(scope);
			time = 5000;
			expect(conditions.now().idleMs).toBe(5000);
			scope.dispatchEvent(new Event(type));
			time = 7000;
			expect(conditions.now().idleMs).toBe(2000);
		}
	);

	test('that ends is told; a touch of a device in use is not', async () => {
		const scope = new Scope();
		await conditionsIn(scope);
		time = 59_999;
		scope.dispatchEvent(new Event('keydown'));
		expect(heard).toBe(0);
		time += 60_000;
		scope.dispatchEvent(new Event('keydown'));
		expect(heard).toBe(1);
	});

	test('is told to nobody who has stopped listening', async () => {
		const scope = new Scope();
		await conditionsIn(scope);
		stop();
		time = 60_000;
		scope.dispatchEvent(new Event('wheel'));
		expect(heard).toBe(0);
	});
});

test('the browser at hand tells what it has, and a real touch ends its idleness', async () => {
	const conditions = await conditionsIn(globalThis as unknown as DeviceScope);
	expect(conditions.now()).toMatchObject({ lowBattery: false, metered: false });
	time = 90_000;
	document.body.dispatchEvent(new PointerEvent('pointermove', { bubbles: true }));
	expect(conditions.now().idleMs).toBe(0);
});
