import type { AppError } from '../../core/errors.ts';
import type { ErrorCode } from '../../core/error-code.ts';

/** From what says least about the file to what says most. */
const order: readonly ErrorCode[] = [
	'download/offline',
	'download/stalled',
	'download/http',
	'download/web-page',
	'download/size-mismatch',
	'download/digest-mismatch'
];

/** Of the failures of several hosts the one that the user should hear of; of equals the last. At least one. */
export function mostTelling(errors: readonly AppError[]): AppError {
	return errors.reduce((best, error) =>
		order.indexOf(error.code) >= order.indexOf(best.code) ? error : best
	);
}
