import { AppError } from '../core/errors.ts';
import type { IndexId } from '../core/ids.ts';

/** Why nothing can be done with an index that was never made, or is gone. */
export function missingIndex(id: IndexId): AppError {
	return new AppError('storage/missing', { details: { what: 'a search index', index: id } });
}
