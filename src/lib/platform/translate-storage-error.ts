import { AppError, toAppError } from '../core/errors.ts';
import type { ErrorCode } from '../core/error-code.ts';

/** DOM exceptions of IndexedDB and Cache Storage by name. What is not here is a bug of ours. */
const codes: Readonly<Record<string, ErrorCode>> = {
	QuotaExceededError: 'storage/quota',
	ConstraintError: 'storage/conflict',
	VersionError: 'storage/version-newer',
	// The browser took the connection or the transaction away: nobody here cancels one.
	AbortError: 'storage/unavailable',
	InvalidStateError: 'storage/unavailable',
	UnknownError: 'storage/unavailable',
	TimeoutError: 'storage/unavailable',
	SecurityError: 'storage/unavailable',
	NotAllowedError: 'storage/unavailable',
	NotReadableError: 'storage/corrupt'
};

/** The `AppError` for what a storage API of the browser threw. */
export function translateStorageError(error: unknown): AppError {
	if (error instanceof AppError || !(error instanceof Error)) return toAppError(error);
	const code = codes[error.name] ?? 'bug';
	const reason = error.message === '' ? error.name : error.message;
	const details = code === 'storage/corrupt' ? { what: reason } : { reason };
	return new AppError(code, { cause: error, details });
}
