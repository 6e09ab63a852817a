import { hasCode } from '../core/errors.ts';
import { engineInfo } from './engine-infos.ts';

/** Whether what an engine of that kind is given leaves this device. */
export function leavesDevice(kind: string): boolean {
	try {
		return engineInfo(kind).remote === true;
	} catch (error) {
		if (hasCode(error, 'engine/unknown')) return false;
		throw error;
	}
}
