import type { ErrorCode } from '../core/error-code.ts';
import type { Task } from '../core/model-spec.ts';
import type { EngineStatus } from './engine-status.ts';

/** Errors of a call after which the engine is as good as before. */
const harmless: ReadonlySet<ErrorCode> = new Set([
	'cancelled',
	'engine/busy',
	'engine/unsupported',
	'engine/context-overflow',
	'remote/unreachable',
	'remote/unauthorised',
	'remote/refused',
	'remote/bad-answer',
	'remote/bad-address',
	'remote/not-found'
]);

/** Errors after which there is nothing left that could answer. */
const deadly: ReadonlySet<ErrorCode> = new Set([
	'engine/device-lost',
	'engine/stalled',
	'wire/worker-died'
]);

/** What an engine is after a load or a call that ended with that error. */
export function statusAfter(
	code: ErrorCode,
	during: 'load' | Task
): Extract<EngineStatus, 'unloaded' | 'ready' | 'failed' | 'lost'> {
	if (deadly.has(code)) return 'lost';
	if (during === 'load') return code === 'cancelled' ? 'unloaded' : 'failed';
	if (harmless.has(code)) return 'ready';
	// One text may have made a bad vector. A model that writes with numbers that are none is broken.
	return code === 'engine/bad-output' && during === 'embed' ? 'ready' : 'failed';
}
