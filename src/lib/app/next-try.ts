import type { ErrorCode } from '../core/error-code.ts';
import type { DevicePreference } from '../engines/engine-contract.ts';
import { waysOn } from './ways-on.ts';

/** How one engine is started: on which device, and how it came to that. */
export interface EngineTry {
	readonly device: DevicePreference;
	readonly how: 'first' | 'again' | 'processor';
}

export type FurtherTry = EngineTry & { readonly how: 'again' | 'processor' };

/**
 * What to try next with the same engine: once more, then the processor; null when only another engine may help. Three
 * tries are the most. `processorHelps`: it failed on the GPU, and its model can run without one.
 */
export function nextTry(
	code: ErrorCode,
	last: EngineTry,
	processorHelps: boolean
): FurtherTry | null {
	const ways = waysOn(code);
	if (ways.again && last.how === 'first') return { ...last, how: 'again' };
	if (ways.processor && processorHelps && last.how !== 'processor') {
		return { device: 'wasm', how: 'processor' };
	}
	return null;
}
