import type { AppError } from '../core/errors.ts';

/** Whether an error can only be that of an adapter: all others may have happened without one. */
export function isOfAdapters({ code }: Pick<AppError, 'code'>): boolean {
	return code.startsWith('adapter/') || code === 'engine/safe-mode';
}
