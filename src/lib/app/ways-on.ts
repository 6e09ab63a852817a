import type { ErrorCode } from '../core/error-code.ts';

/** What may help after a failure, in the order in which it is tried. */
export interface WaysOn {
	/** The same engine once more, in a fresh worker. */
	readonly again: boolean;
	/** The same engine without the adapters that it was loaded with. */
	readonly plain: boolean;
	/** The processor in place of the GPU. */
	readonly processor: boolean;
	/** Another engine. */
	readonly engine: boolean;
}

const passing: WaysOn = { again: true, plain: true, processor: true, engine: true };
const ofTheDevice: WaysOn = { ...passing, again: false };
const ofTheBrowser: WaysOn = { ...ofTheDevice, plain: false };
const ofTheMoment: WaysOn = { ...passing, plain: false, processor: false };
const ofTheEngine: WaysOn = { again: false, plain: false, processor: false, engine: true };
const ofItsParts: WaysOn = { ...ofTheEngine, plain: true };
const none: WaysOn = { ...ofTheEngine, engine: false };

/** Those that are missing lie with the engine, its model or its server: only another engine helps. */
const known: Readonly<Partial<Record<ErrorCode, WaysOn>>> = {
	'engine/load-failed': passing,
	'engine/generate-failed': passing,
	'engine/embed-failed': passing,
	'engine/device-lost': passing,
	'engine/stalled': passing,
	'wire/worker-died': passing,
	'wire/timeout': { ...passing, plain: false },
	bug: passing,
	'engine/out-of-memory': ofTheDevice,
	'engine/shader-failed': ofTheDevice,
	'engine/gpu-too-small': ofTheDevice,
	'engine/no-webgpu': ofTheBrowser,
	'engine/bad-output': ofTheDevice,
	'engine/not-loaded': ofTheMoment,
	'engine/bad-model': ofItsParts,
	'engine/safe-mode': ofItsParts,
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
	return known[code] ?? (code.startsWith('adapter/') ? ofItsParts : ofTheEngine);
}
