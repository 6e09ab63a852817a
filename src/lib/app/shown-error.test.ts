import { expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import { errorTable } from '../core/error-table.ts';
import { shownError } from './shown-error.ts';

test('says what happened with the facts of the case, and the one thing to do', () => {
	const error = new AppError('engine/unknown', { details: { engine: 'abacus' } });
	expect(shownError(error)).toEqual({
		code: 'engine/unknown',
		message: 'No engine named "abacus" is known to this version of SAM.',
		advice: errorTable['engine/unknown'].advice
	});
});

test.each([
	['our own', new AppError('cancelled')],
	["the browser's", new DOMException('stop', 'AbortError')]
])('what the user stopped is no error: %s', (_, error) => {
	expect(shownError(error)).toBeNull();
});

test('what nobody foresaw is a bug, with its reason', () => {
	const shown = shownError(new TypeError('x is not a function'));
	expect(shown?.code).toBe('bug');
	expect(shown?.message).toContain('x is not a function');
});
