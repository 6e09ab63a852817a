import { AppError } from '../../core/errors.ts';

/** The place called `title` holds nothing usable; `reason` says exactly why, without a full stop. */
export function notAModel(title: string, reason: string): AppError {
	return new AppError('add/not-a-model', { details: { title, reason } });
}
