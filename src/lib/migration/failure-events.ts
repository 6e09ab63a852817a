import type { ErrorCode } from '../core/error-code.ts';
import type { AppError } from '../core/errors.ts';
import type { JournalEvent } from './journal-entry.ts';

/** Failures that pass, or that the user can clear away: the work done so far is worth keeping. */
const passing: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
	'storage/quota',
	'migration/no-room',
	'library/no-room',
	'download/offline',
	'download/http',
	'download/stalled',
	'index/incomplete',
	'cancelled'
]);

/** What a failed step writes, in one commit: the failure, and whether the upgrade pauses or goes back. */
export function failureEvents(step: string, error: AppError): readonly JournalEvent[] {
	const { code, message } = error;
	return [
		{ type: 'step-failed', step, code, message },
		passing.has(code)
			? { type: 'paused' }
			: { type: 'rollback-requested', code, message, by: 'automatic' }
	];
}
