import type { ErrorCode } from './error-code.ts';
import { describeError } from './error-table.ts';
import type { Remedy } from './error-texts/error-text.ts';
import type { Json } from './json.ts';

export interface AppErrorOptions {
	/** Facts of this case (names, numbers), for the log and for the sentence that the user reads. */
	readonly details?: Readonly<Record<string, Json>>;
	readonly cause?: unknown;
}

/**
 * The one error class of the app. `code` decides what the program does, `remedy` what the user may do;
 * `message` is a whole sentence from the table in `error-table.ts`, with the details filled in.
 */
export class AppError extends Error {
	override readonly name = 'AppError';
	readonly code: ErrorCode;
	readonly remedy: Remedy;
	readonly details: Readonly<Record<string, Json>>;

	constructor(code: ErrorCode, options: AppErrorOptions = {}) {
		const details = options.details ?? {};
		const { message, remedy } = describeError(code, details);
		super(message, options.cause === undefined ? undefined : { cause: options.cause });
		this.code = code;
		this.remedy = remedy;
		this.details = details;
	}
}

/** `error` itself where it is one of ours; an abort becomes `cancelled`; anything else becomes `code` (default `bug`). */
export function toAppError(error: unknown, code: ErrorCode = 'bug'): AppError {
	if (error instanceof AppError) return error;
	if (error instanceof Error && error.name === 'AbortError')
		return new AppError('cancelled', { cause: error });
	const reason = error instanceof Error ? error.message : String(error);
	return new AppError(code, { cause: error, details: { reason } });
}

/** True for an `AppError` with that code. */
export function hasCode(error: unknown, code: ErrorCode): error is AppError {
	return error instanceof AppError && error.code === code;
}
