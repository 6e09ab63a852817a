import type { ErrorCode } from '../error-code.ts';

/** What the user, or the caller for them, may do about an error. */
export type Remedy = 'retry' | 'wait' | 'user-action' | 'repair' | 'reload' | 'none';

export interface ErrorText {
	readonly remedy: Remedy;
	/** What happened, one sentence. `{name}` is filled from the error's details. */
	readonly what: string;
	/** The one thing to do. */
	readonly advice: string;
}

/** One text for each code of these areas: `engine` for `engine/…`. */
export type ErrorTexts<Area extends string> = Readonly<
	Record<Extract<ErrorCode, `${Area}/${string}`>, ErrorText>
>;
