import { describeError } from '../core/error-table.ts';
import { toAppError } from '../core/errors.ts';
import type { ErrorCode } from '../core/error-code.ts';

/** An error as a person reads it: what happened, and the one thing to do. */
export interface ShownError {
	readonly code: ErrorCode;
	readonly message: string;
	readonly advice: string;
}

/** Null for what the user stopped: that is no error. */
export function shownError(thrown: unknown): ShownError | null {
	const error = toAppError(thrown);
	if (error.code === 'cancelled') return null;
	return {
		code: error.code,
		message: error.message,
		advice: describeError(error.code, error.details).advice
	};
}
