import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '../core/error-code.ts';
import { nextTry, type EngineTry } from './next-try.ts';
import { waysOn } from './ways-on.ts';

/** What is tried, in order, when each try fails with the same error; where the processor may help, and where not. */
const table: readonly [ErrorCode, string, string][] = [
	['engine/device-lost', 'again, processor, another', 'again, another'],
	['engine/load-failed', 'again, processor, another', 'again, another'],
	['engine/generate-failed', 'again, processor, another', 'again, another'],
	['engine/embed-failed', 'again, processor, another', 'again, another'],
	['engine/stalled', 'again, processor, another', 'again, another'],
	['wire/worker-died', 'again, processor, another', 'again, another'],
	['wire/timeout', 'again, processor, another', 'again, another'],
	['engine/out-of-memory', 'processor, another', 'another'],
	['engine/shader-failed', 'processor, another', 'another'],
	['engine/gpu-too-small', 'processor, another', 'another'],
	['engine/no-webgpu', 'processor, another', 'another'],
	['engine/bad-output', 'processor, another', 'another'],
	['engine/not-loaded', 'again, another', 'again, another'],
	['engine/bad-model', 'another', 'another'],
	['engine/library-mismatch', 'another', 'another'],
	['engine/unknown', 'another', 'another'],
	['engine/safe-mode', 'another', 'another'],
	['library/not-installed', 'another', 'another'],
	['library/damaged', 'another', 'another'],
	['storage/missing', 'another', 'another'],
	['storage/corrupt', 'another', 'another'],
	['remote/unreachable', 'again, another', 'again, another'],
	['remote/unauthorised', 'another', 'another'],
	['remote/refused', 'another', 'another'],
	['remote/bad-answer', 'another', 'another'],
	['remote/bad-address', 'another', 'another'],
	['remote/not-found', 'another', 'another'],
	['engine/context-overflow', '', ''],
	['engine/unsupported', '', ''],
	['engine/busy', '', ''],
	['tab/leader-changed', '', ''],
	['cancelled', '', '']
];

function chain(code: ErrorCode, processorHelps: boolean): string {
	const ways: string[] = [];
	let last: EngineTry = { device: 'auto', how: 'first' };
	for (;;) {
		const next = nextTry(code, last, processorHelps && last.device === 'auto');
		if (!next) break;
		ways.push(next.how);
		last = next;
	}
	if (waysOn(code).engine) ways.push('another');
	return ways.join(', ');
}

test.each(table)('after %s: %s on the GPU of a small model', (code, onGpu) => {
	expect(chain(code, true)).toBe(onGpu);
});

test.each(table)('after %s elsewhere: the processor is no way on', (code, _, elsewhere) => {
	expect(chain(code, false)).toBe(elsewhere);
});

describe('going on without adapters', () => {
	test.each([
		'adapter/no-match',
		'engine/out-of-memory',
		'engine/bad-output',
		'engine/bad-model'
	] as const)('may help after %s', (code) => expect(waysOn(code).plain).toBe(true));

	test.each(['library/not-installed', 'engine/no-webgpu', 'wire/timeout', 'cancelled'] as const)(
		'cannot help after %s',
		(code) => expect(waysOn(code).plain).toBe(false)
	);
});

describe('the tries with one engine', () => {
	test('end where errors differ, too', () => {
		const again = nextTry('engine/device-lost', { device: 'auto', how: 'first' }, true);
		expect(again).toEqual({ device: 'auto', how: 'again' });
		const processor = again && nextTry('engine/out-of-memory', again, true);
		expect(processor).toEqual({ device: 'wasm', how: 'processor' });
		expect(processor && nextTry('wire/worker-died', processor, false)).toBeNull();
	});

	test('begin on the processor where the GPU has failed before, and stay there', () => {
		const first: EngineTry = { device: 'wasm', how: 'first' };
		expect(nextTry('wire/worker-died', first, false)).toEqual({ device: 'wasm', how: 'again' });
	});
});
