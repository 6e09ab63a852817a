import { AppError } from '../core/errors.ts';
import type { AdapterId } from '../core/ids.ts';

/** The error with the id of the adapter whose fault it is in its details. Errors that are no adapter's stay as they are. */
export function blameAdapter(error: unknown, adapter: AdapterId): unknown {
	if (!(error instanceof AppError) || !error.code.startsWith('adapter/')) return error;
	return new AppError(error.code, { details: { ...error.details, adapter }, cause: error });
}
