import { AppError } from '../../core/errors.ts';

/** The file is cut short, damaged, or was made to mislead. */
export function unreadable(file: string, reason: string, cause?: unknown): AppError {
	return new AppError('adapter/unreadable', { details: { file, reason }, cause });
}

/** The files are whole, but no LoRA adapter as PEFT writes it. */
export function notPeft(reason: string, cause?: unknown): AppError {
	return new AppError('adapter/not-peft', { details: { reason }, cause });
}

/** A real adapter, with something in it that would be lost if it were left out. `instead` is a whole sentence. */
export function unsupported(what: string, instead: string): AppError {
	return new AppError('adapter/unsupported', { details: { what, instead } });
}
