import type { ErrorCode } from './error-code.ts';
import { adapterErrors } from './error-texts/adapter-errors.ts';
import { appErrors } from './error-texts/app-errors.ts';
import { engineErrors } from './error-texts/engine-errors.ts';
import type { ErrorText, Remedy } from './error-texts/error-text.ts';
import { libraryErrors } from './error-texts/library-errors.ts';
import type { Json } from './json.ts';

/** The one source of error texts, for the UI and for `docs/errors.md`. */
export const errorTable: Readonly<Record<ErrorCode, ErrorText>> = {
	...adapterErrors,
	...engineErrors,
	...libraryErrors,
	...appErrors,
	cancelled: { remedy: 'none', what: 'Stopped.', advice: 'Nothing to do.' },
	bug: {
		remedy: 'reload',
		what: 'Something unexpected went wrong: {reason}.',
		advice: 'Reload the app. If it stays, please report it.'
	}
};

/** The sentence and the remedy for an error, with `{placeholders}` filled from `details`. */
export function describeError(
	code: ErrorCode,
	details: Readonly<Record<string, Json>>
): { readonly message: string; readonly advice: string; readonly remedy: Remedy } {
	const text = errorTable[code];
	const fill = (template: string): string =>
		template.replace(/\{(\w+)\}/g, (_, name: string) => {
			const value = details[name];
			return typeof value === 'string' || typeof value === 'number' ? String(value) : 'unknown';
		});
	return { message: fill(text.what), advice: fill(text.advice), remedy: text.remedy };
}
