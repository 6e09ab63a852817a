import { describe, expect, test } from 'vitest';
import { WebGpuProbe } from './webgpu-probe.ts';

type Gpu = Pick<GPU, 'requestAdapter'>;

const adapter = (vendor: string, architecture: string): GPUAdapter =>
	({
		info: { vendor, architecture, isFallbackAdapter: false },
		features: new Set(['timestamp-query', 'shader-f16']),
		limits: { maxBufferSize: 2 ** 30, maxStorageBufferBindingSize: 2 ** 27 }
	}) as unknown as GPUAdapter;

const answering = (answer: () => Promise<GPUAdapter | null>): Gpu => ({ requestAdapter: answer });

describe('WebGpuProbe', () => {
	test('tells of the adapter what an engine must know', async () => {
		const gpu = answering(() => Promise.resolve(adapter('acme', 'rocket')));
		expect((await new WebGpuProbe({ gpu }).probe()).gpu).toEqual({
			vendor: 'acme',
			architecture: 'rocket',
			isFallback: false,
			features: ['shader-f16', 'timestamp-query'],
			maxBufferSize: 2 ** 30,
			maxStorageBufferBindingSize: 2 ** 27
		});
	});

	test('marks a software adapter', async () => {
		const gpu = answering(() => Promise.resolve(adapter('google', 'swiftshader')));
		expect((await new WebGpuProbe({ gpu }).probe()).gpu?.isFallback).toBe(true);
	});

	test.each([
		['there is no WebGPU', undefined],
		['there is no adapter', answering(() => Promise.resolve(null))],
		['the driver fails', answering(() => Promise.reject(new Error('driver crashed')))],
		['the driver never answers', answering(() => new Promise(() => undefined))]
	])('finds no GPU where %s', async (_, gpu) => {
		expect((await new WebGpuProbe({ gpu, limitMs: 20 }).probe()).gpu).toBeNull();
	});

	test('answers on this very machine, whatever it has', async () => {
		const profile = await new WebGpuProbe().probe();
		expect(profile.wasmThreads).toBeGreaterThanOrEqual(1);
		expect(profile.crossOriginIsolated).toBe(crossOriginIsolated);
		expect(profile.memoryGb === null || profile.memoryGb > 0).toBe(true);
	});
});
