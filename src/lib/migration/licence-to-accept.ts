import { leavesDevice } from '../engines/leaves-device.ts';
import { isFreeLicence } from './free-licence.ts';
import type { ModelLicence, PlannableModel } from './upgrade-request.ts';

/**
 * The licence that the user has to accept before this model is put to use; null where there is none, or one that asks for
 * nothing. What is built in is SAM's own, and what a server runs is between its owner and the publisher.
 */
export function licenceToAccept(
	model: Pick<PlannableModel, 'licence' | 'files' | 'engine'>
): ModelLicence | null {
	const { licence = null, files, engine } = model;
	if (!licence || files.length === 0 || leavesDevice(engine)) return null;
	return isFreeLicence(licence.name) ? null : licence;
}
