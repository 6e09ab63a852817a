import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '../core/error-code.ts';
import { errorTable } from '../core/error-table.ts';
import { statusAfter } from './status-after.ts';

const phases = ['load', 'generate', 'embed'] as const;
const codes = Object.keys(errorTable) as ErrorCode[];

describe('after an error', () => {
	test.each(['engine/device-lost', 'engine/stalled', 'wire/worker-died'] as const)(
		'%s an engine is lost, whatever it was doing',
		(code) => {
			expect(phases.map((phase) => statusAfter(code, phase))).toEqual(['lost', 'lost', 'lost']);
		}
	);

	test('that says no more than that it was cancelled, a load leaves nothing and a call no trace', () => {
		expect(phases.map((phase) => statusAfter('cancelled', phase))).toEqual([
			'unloaded',
			'ready',
			'ready'
		]);
	});

	test.each([
		'engine/no-webgpu',
		'engine/gpu-too-small',
		'engine/library-mismatch',
		'engine/bad-model',
		'engine/shader-failed',
		'engine/load-failed',
		'remote/unreachable'
	] as const)('%s of a load it has failed', (code) => {
		expect(statusAfter(code, 'load')).toBe('failed');
	});

	test('of a remote server it can be asked again', () => {
		const remote = codes.filter((code) => code.startsWith('remote/'));
		expect(remote.length).toBeGreaterThan(0);
		for (const code of remote) {
			expect(statusAfter(code, 'generate')).toBe('ready');
			expect(statusAfter(code, 'embed')).toBe('ready');
		}
	});

	test('engine/bad-output it is as before if it embedded, and failed if it wrote', () => {
		expect(statusAfter('engine/bad-output', 'embed')).toBe('ready');
		expect(statusAfter('engine/bad-output', 'generate')).toBe('failed');
	});

	test.each([
		'bug',
		'engine/generate-failed',
		'engine/embed-failed',
		'engine/out-of-memory'
	] as const)('%s of a call it has failed', (code) => {
		expect(statusAfter(code, 'generate')).toBe('failed');
		expect(statusAfter(code, 'embed')).toBe('failed');
	});
});
