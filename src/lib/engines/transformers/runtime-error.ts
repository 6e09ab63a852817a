import type { ErrorCode } from '../../core/error-code.ts';
import { AppError, toAppError } from '../../core/errors.ts';

/** The runtime has no error classes for these: only its words tell them apart. First match wins. */
const telling: readonly (readonly [RegExp, ErrorCode])[] = [
	[
		/device (was |is )?lost|lost.{0,20}device|device.{0,20}hung|device removed/i,
		'engine/device-lost'
	],
	[/out of memory|bad_alloc|allocation failed|failed to allocate|\boom\b/i, 'engine/out-of-memory'],
	[/could not locate file|file was not found/i, 'storage/missing']
];

/** An error of the runtime in the app's terms; `otherwise` where its words say nothing known. */
export function runtimeError(error: unknown, otherwise: ErrorCode): AppError {
	const plain = toAppError(error, otherwise);
	if (plain.code !== otherwise || error instanceof AppError) return plain;
	const message = error instanceof Error ? error.message : String(error);
	const code = telling.find(([words]) => words.test(message))?.[1] ?? otherwise;
	return new AppError(code, { cause: error, details: { reason: message, what: message } });
}
