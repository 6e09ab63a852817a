import { describe, expect, test } from 'vitest';
import { FakeGpuDevice } from '../../testing/fake-gpu.ts';
import { GpuWatch } from './gpu-watch.ts';

/** Adapters that give this device, watched. */
async function watched(device = new FakeGpuDevice()) {
	const requestDevice = (): Promise<FakeGpuDevice> => Promise.resolve(device);
	const adapters = { requestDevice };
	const watch = new GpuWatch(adapters);
	await adapters.requestDevice();
	return { device, adapters, watch, requestDevice };
}

const codeOf = (code: string) => expect.objectContaining({ code }) as Error;
const never = new Promise<never>(() => undefined);

describe('a watched device', () => {
	test('that is lost ends what waits for it, and what comes later', async () => {
		const { device, watch } = await watched();
		const waiting = expect(watch.unlessLost(never)).rejects.toEqual(codeOf('engine/device-lost'));
		await device.lose('unknown');
		await waiting;
		await expect(watch.unlessLost(never)).rejects.toEqual(codeOf('engine/device-lost'));
		expect(watch.loss?.details).toEqual({ reason: 'unknown as told' });
	});

	test('that is well changes nothing of the work', async () => {
		const { watch } = await watched();
		expect(await watch.unlessLost(Promise.resolve(7))).toBe(7);
		await expect(watch.unlessLost(Promise.reject(new Error('own')))).rejects.toThrow('own');
		expect(watch.loss).toBeNull();
	});

	test('that had no memory left is told from one that went by itself', async () => {
		const { device, watch } = await watched();
		await device.refuseMemory();
		await device.lose('destroyed');
		expect(watch.loss).toMatchObject({ code: 'engine/out-of-memory' });
	});

	test('tells each listener once, and none that has gone', async () => {
		const { device, watch } = await watched();
		const heard: string[] = [];
		watch.onLoss(() => heard.push('stays'));
		watch.onLoss(() => heard.push('gone'))();
		await device.lose('unknown');
		watch.onLoss(() => heard.push('late'));
		expect(heard).toEqual(['stays', 'late']);
	});
});

describe('at the end', () => {
	test('the device is given back, nobody hears of a loss, and adapters are as they were', async () => {
		const { device, adapters, watch, requestDevice } = await watched();
		const heard: unknown[] = [];
		watch.onLoss((loss) => heard.push(loss));
		watch.end();
		await device.lose('destroyed');
		expect(device.isDestroyed).toBe(true);
		expect(heard).toEqual([]);
		expect(watch.loss).toBeNull();
		expect(adapters.requestDevice).toBe(requestDevice);
	});

	test('a loss that is expected is none', async () => {
		const { device, watch } = await watched();
		watch.expectLoss();
		await device.lose('destroyed');
		expect(watch.loss).toBeNull();
	});

	test('without WebGPU there is nothing to watch', () => {
		const watch = new GpuWatch(undefined);
		expect(() => watch.end()).not.toThrow();
	});
});
