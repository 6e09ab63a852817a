import { describeError } from '../core/error-table.ts';
import type { AppError } from '../core/errors.ts';
import type { ModelProblem } from './library-api.ts';

/** The error as it is kept with the model and shown to the user. */
export function problemOf({ code, message, details }: AppError): ModelProblem {
	return { code, message, advice: describeError(code, details).advice };
}
