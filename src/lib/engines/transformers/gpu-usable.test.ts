import { describe, expect, it } from 'vitest';
import { gpuUsable } from './gpu-usable.ts';

const giving = (adapter: object | null) => ({
	gpu: { requestAdapter: () => Promise.resolve(adapter) }
});

describe('gpuUsable', () => {
	it('is true for an adapter of real hardware', async () => {
		expect(await gpuUsable(giving({ info: { isFallbackAdapter: false } }))).toBe(true);
		expect(await gpuUsable(giving({}))).toBe(true);
	});

	it('is false for a software adapter: WebAssembly is faster', async () => {
		expect(await gpuUsable(giving({ info: { isFallbackAdapter: true } }))).toBe(false);
		expect(await gpuUsable(giving({ info: { architecture: 'swiftshader' } }))).toBe(false);
	});

	it('is false without an adapter, and without WebGPU', async () => {
		expect(await gpuUsable(giving(null))).toBe(false);
		expect(await gpuUsable({})).toBe(false);
	});

	it('is false where asking fails', async () => {
		const gpu = { requestAdapter: () => Promise.reject(new Error('blocked')) };
		expect(await gpuUsable({ gpu })).toBe(false);
	});
});
