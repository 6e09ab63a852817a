import { expect, test } from 'vitest';
import type { DeviceState } from '../ports/device-conditions.ts';
import { isTimeToStart } from './start-condition.ts';

const device: DeviceState = { charging: null, lowBattery: false, metered: false, idleMs: 0 };
const noon = new Date(2026, 5, 1, 12).getTime();

test.each([
	[0, false],
	[299_999, false],
	[300_000, true]
])('a device that was touched %d ms ago is idle: %s', (idleMs, expected) => {
	const idle = { ...device, idleMs };
	expect(isTimeToStart('idle', { now: noon, device: idle })).toBe(expected);
});

test.each([
	['22:59', false],
	['23:00', true],
	['00:00', true],
	['05:59', true],
	['06:00', false],
	['12:00', false]
])('at %s it is night: %s', (time, expected) => {
	const [hour, minute] = time.split(':').map(Number);
	const now = new Date(2026, 5, 1, hour, minute).getTime();
	expect(isTimeToStart('night', { now, device })).toBe(expected);
});

test.each([
	[true, true],
	[false, false],
	[null, false]
])('with charging %s it is time: %s', (charging, expected) => {
	expect(isTimeToStart('charging', { now: noon, device: { ...device, charging } })).toBe(expected);
});
