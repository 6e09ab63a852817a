import type { ErrorCode } from '../core/error-code.ts';

/** What may help after a failure, in the order in which it is tried. */
export interface WaysOn {
	/** The same engine once more, in a fresh worker. */
	readonly again: boolean;
	/** The processor in place of the GPU. */
	readonly processor: boolean;
	/** Another engine. */
	readonly engine: boolean;
}

const passing: WaysOn = { again: true, processor: true, engine: true };
const ofTheDevice: WaysOn = { again: false, processor: true, engine: true };
const ofTheMoment: WaysOn = { again: true, processor: false, engine: true };
const ofTheEngine: WaysOn = { again: false, processor: false, engine: true };
const none: WaysOn = { again: false, processor: false, engine: false };

/** Those that are missing lie with the engine, its model or its server: only another engine helps. */
const known: Readonly<Partial<Record<ErrorCode, WaysOn>>> = {
	'engine/load-failed': passing,
	'engine/generate-failed': passing,
	'engine/embed-failed': passing,
	'engine/device-lost': passing,
	'engine/stalled': passing,
	'wire/worker-died': passing,
	'wire/timeout': passing,
	bug: passing,
	'engine/out-of-memory': ofTheDevice,
	'engine/shader-failed': ofTheDevice,
	'engine/gpu-too-small': ofTheDevice,
	'engine/no-webgpu': ofTheDevice,
	'engine/bad-output': ofTheDevice,
	'engine/not-loaded': ofTheMoment,
	'remote/unreachable': ofTheMoment,
	cancelled: none,
	'engine/context-overflow': none,
	'engine/unsupported': none,
	'engine/busy': none,
	'tab/not-leader': none,
	'tab/leader-changed': none
};

/** What may help after that error. */
export function waysOn(code: ErrorCode): WaysOn {
	return known[code] ?? ofTheEngine;
}
