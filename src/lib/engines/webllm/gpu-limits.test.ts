import { describe, expect, test } from 'vitest';
import { gpuLack, grantedLimit, tensorLack, type GpuLimits } from './gpu-limits.ts';

const megabyte = 2 ** 20;
const plenty: GpuLimits = {
	maxBufferSize: 4096 * megabyte,
	maxStorageBufferBindingSize: 2048 * megabyte,
	maxComputeWorkgroupStorageSize: 32_768,
	maxStorageBuffersPerShaderStage: 16
};

describe('WebLLM', () => {
	test('starts where there is enough of everything', () => {
		expect(gpuLack(plenty)).toBeNull();
	});

	test.each([
		['maxBufferSize', 255 * megabyte, /needs 268.* MB of buffers, and it allows 267/],
		['maxStorageBufferBindingSize', 127 * megabyte, /of storage bindings/],
		['maxComputeWorkgroupStorageSize', 16_384, /of workgroup storage/],
		['maxStorageBuffersPerShaderStage', 8, /needs 10 of storage buffers .* allows 8/]
	] as const)('does not start with too little %s', (limit, offered, words) => {
		expect(gpuLack({ ...plenty, [limit]: offered })).toMatch(words);
	});

	test.each([
		[2048 * megabyte, 1024 * megabyte],
		[1024 * megabyte, 1024 * megabyte],
		[1023 * megabyte, 128 * megabyte],
		[127 * megabyte, null]
	])('offered bindings of %i bytes, takes %s', (offered, granted) => {
		expect(grantedLimit('maxStorageBufferBindingSize', offered)).toBe(granted);
	});

	test('cannot bind a tensor that is larger than what it took, though more was offered', () => {
		const limits = { maxStorageBufferBindingSize: 512 * megabyte };
		expect(tensorLack(100 * megabyte, limits)).toBeNull();
		expect(tensorLack(200 * megabyte, limits)).toMatch(/210 MB, and it reads 134/);
		expect(tensorLack(200 * megabyte, plenty)).toBeNull();
	});

	test('is not refused for what nobody knows', () => {
		expect(gpuLack({})).toBeNull();
		expect(tensorLack(1e12, {})).toBeNull();
	});
});
