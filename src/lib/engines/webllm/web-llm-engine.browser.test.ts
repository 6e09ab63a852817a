import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { fakeGpu } from '../../testing/fake-gpu.ts';
import { fakeMlcFiles, fakeMlcRequest } from '../../testing/fake-mlc-model.ts';
import { GpuWatch } from './gpu-watch.ts';
import { WebLlmEngine } from './web-llm-engine.ts';

// The real WebLLM, as far as it gets without a model library that runs.

const { signal } = new AbortController();

/** Loads a model whose library has these bytes into the real runtime. */
async function loadWith(library: Uint8Array<ArrayBuffer> | null): Promise<void> {
	const files = fakeMlcFiles('embed');
	if (library) files.set('model.wasm', library);
	else files.delete('model.wasm');
	const engine = new WebLlmEngine({ gpu: fakeGpu() });
	onTestFinished(() => engine.unload());
	await engine.load(fakeMlcRequest('embed', files), { signal });
}

describe('the real WebLLM', () => {
	test('reads its files from us alone, up to a library that is none', async () => {
		const asked = vi.spyOn(globalThis, 'fetch');
		onTestFinished(() => asked.mockRestore());
		performance.clearResourceTimings();
		const html = new TextEncoder().encode('<!doctype html>');
		await expect(loadWith(html)).rejects.toMatchObject({
			code: 'engine/bad-model',
			details: { name: 'Fake MLC', reason: expect.stringContaining('magic word') as string }
		});
		const hosts = performance.getEntriesByType('resource').map(({ name }) => new URL(name).host);
		expect(new Set([...hosts, location.host])).toEqual(new Set([location.host]));
		expect(asked).not.toHaveBeenCalled();
	});

	test('asks a library of another version for what it has not, and that is told as such', async () => {
		await expect(loadWith(wasmThatImports('env', 'ResetThreadPool'))).rejects.toMatchObject({
			code: 'engine/library-mismatch',
			details: { name: 'Fake MLC', reason: expect.stringContaining('ResetThreadPool') as string }
		});
	});

	test('that misses a file says which, and asks nobody else for it', async () => {
		await expect(loadWith(null)).rejects.toMatchObject({ code: 'storage/missing' });
	});

	test('leaves the caches of this thread as they were', async () => {
		await expect(loadWith(new Uint8Array(8))).rejects.toThrow();
		const names = await caches.keys();
		expect(names.filter((name) => name.startsWith('webllm/'))).toEqual([]);
	});
});

describe('a real device', () => {
	const device = async (skip: (note: string) => never): Promise<GPUDevice> => {
		const { gpu } = navigator as { gpu?: GPU };
		const adapter = await gpu?.requestAdapter();
		return adapter ? adapter.requestDevice() : skip('This browser gives no WebGPU adapter.');
	};

	test('is seen when it is taken, and heard when it goes', async ({ skip }) => {
		const watch = new GpuWatch();
		onTestFinished(() => watch.end());
		const taken = await device(skip);
		const heard = new Promise((resolve) => watch.onLoss(resolve));
		taken.destroy();
		expect(await heard).toMatchObject({ code: 'engine/device-lost' });
	});

	test('is given back at the end, and what comes later is not watched', async ({ skip }) => {
		const watch = new GpuWatch();
		const taken = await device(skip);
		watch.end();
		expect((await taken.lost).reason).toBe('destroyed');
		expect(watch.loss).toBeNull();
		expect(String(Reflect.get(GPUAdapter.prototype, 'requestDevice'))).toContain('native code');
	});
});

/** The least module that wants one function from outside. */
function wasmThatImports(module: string, name: string): Uint8Array<ArrayBuffer> {
	const text = (value: string): number[] => [value.length, ...new TextEncoder().encode(value)];
	const section = (id: number, content: number[]): number[] => [id, content.length, ...content];
	const types = section(1, [1, 0x60, 0, 0]);
	const imports = section(2, [1, ...text(module), ...text(name), 0, 0]);
	return Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...types, ...imports);
}
