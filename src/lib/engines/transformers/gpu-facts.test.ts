import { describe, expect, it } from 'vitest';
import { gpuFacts } from './gpu-facts.ts';

const giving = (adapter: object | null) => ({
	gpu: { requestAdapter: () => Promise.resolve(adapter) }
});

describe('gpuFacts', () => {
	it('tells real hardware from a software adapter', async () => {
		const isSoftware = async (info?: object) =>
			(await gpuFacts(giving(info ? { info } : {})))?.isSoftware;
		expect(await isSoftware({ isFallbackAdapter: false, architecture: 'turing' })).toBe(false);
		expect(await isSoftware()).toBe(false);
		expect(await isSoftware({ isFallbackAdapter: true })).toBe(true);
		expect(await isSoftware({ architecture: 'swiftshader' })).toBe(true);
	});

	it('tells what the adapter can do', async () => {
		const facts = await gpuFacts(giving({ features: new Set(['shader-f16']) }));
		expect(facts?.features.has('shader-f16')).toBe(true);
		expect((await gpuFacts(giving({})))?.features.size).toBe(0);
	});

	it('asks for the adapter that the runtime asks for', async () => {
		const asked: unknown[] = [];
		const gpu = {
			requestAdapter: (options: unknown) => {
				asked.push(options);
				return Promise.resolve(null);
			}
		};
		await gpuFacts({ gpu });
		expect(asked).toEqual([{ powerPreference: 'high-performance' }]);
	});

	it('is null without an adapter, without WebGPU, and where asking fails', async () => {
		const gpu = { requestAdapter: () => Promise.reject(new Error('blocked')) };
		expect(await gpuFacts(giving(null))).toBeNull();
		expect(await gpuFacts({})).toBeNull();
		expect(await gpuFacts({ gpu })).toBeNull();
	});
});
