import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '../core/error-code.ts';
import { errorTable } from '../core/error-table.ts';
import { AppError } from '../core/errors.ts';
import { MishapLog } from './mishap-log.ts';
import { mishapText, type Mishap } from './mishap-text.ts';

const again = { how: 'again' } as const;
const processor = { how: 'processor' } as const;
const starter = { how: 'engine', name: 'Starter 2' } as const;

function mishap(code: ErrorCode, then: Mishap['then'], more: Partial<Mishap> = {}): Mishap {
	const error = new AppError(code, {
		details: { reason: 'no memory for “w”.', seconds: 90, server: 'home' }
	});
	return { name: 'SmolLM2', error, onGpu: true, then, ...more };
}

const sentences: readonly [Mishap, string][] = [
	[
		mishap('engine/device-lost', again),
		'The graphics device was lost, so SmolLM2 was started again.'
	],
	[
		mishap('engine/out-of-memory', processor),
		'SmolLM2 ran out of memory on the GPU, so it went on on the processor.'
	],
	[
		mishap('engine/out-of-memory', starter, { onGpu: false }),
		'SmolLM2 ran out of memory, so Starter 2 answered.'
	],
	[
		mishap('engine/load-failed', starter),
		'SmolLM2 could not be loaded (no memory for “w”), so Starter 2 answered.'
	],
	[
		mishap('engine/gpu-too-small', processor),
		'The graphics device cannot run SmolLM2 (no memory for “w”), so SmolLM2 went on on the processor.'
	],
	[
		mishap('engine/stalled', again),
		'SmolLM2 said nothing for 90 seconds, so it was started again.'
	],
	[
		mishap('library/not-installed', starter),
		'SmolLM2 is not on this device, so Starter 2 answered.'
	],
	[
		mishap('remote/unreachable', again),
		'The server home does not answer, so SmolLM2 was started again.'
	],
	[
		mishap('remote/unauthorised', starter),
		'The server home does not accept the key, so Starter 2 answered.'
	],
	[
		mishap('engine/out-of-memory', { how: 'plain', adapters: 1, all: true }),
		'SmolLM2 ran out of memory on the GPU, so it went on without its adapter.'
	],
	[
		mishap('engine/device-lost', { how: 'plain', adapters: 2, all: true }),
		'The graphics device was lost, so SmolLM2 went on without its adapters.'
	],
	[
		mishap('adapter/missing', { how: 'plain', adapters: 1, all: false }),
		'The adapter "unknown" is not on this device any more, so SmolLM2 went on without that adapter.'
	]
];

test.each(sentences)('%#: %o', (what, text) => {
	expect(mishapText(what, true)).toBe(text);
});

test.each(Object.keys(errorTable) as ErrorCode[])('%s makes one whole sentence', (code) => {
	const names = [...errorTable[code].what.matchAll(/\{(\w+)\}/g)].map(([, name]) => [
		name,
		'Gemma'
	]);
	const details = Object.fromEntries(names) as Record<string, string>;
	const error = new AppError(code, { details });
	const text = mishapText(mishap(code, starter, { error }), true);
	expect(text).toMatch(/^[A-Z“"].*[^.], so Starter 2 answered\.$/);
});

describe('the log', () => {
	test('says of each way on whether it led anywhere', () => {
		const log = new MishapLog();
		log.add(mishap('engine/device-lost', again));
		log.add(mishap('engine/device-lost', processor));
		log.add(mishap('wire/worker-died', starter));
		expect(log.settle()).toEqual([
			'The graphics device was lost, so SmolLM2 was started again.',
			'The graphics device was lost, so SmolLM2 was tried on the processor.',
			'SmolLM2 stopped unexpectedly, so Starter 2 answered.'
		]);
	});

	test('does not change what it has told', () => {
		const log = new MishapLog();
		log.add(mishap('engine/bad-model', { how: 'engine', name: 'Gemma' }));
		const told = log.settle();
		log.add(mishap('engine/stalled', starter, { name: 'Gemma' }));
		expect(log.settle().slice(0, 1)).toEqual(told);
		expect(log.settle()).toHaveLength(2);
	});

	test('is empty when nothing went wrong', () => {
		expect(new MishapLog().settle()).toEqual([]);
	});
});
